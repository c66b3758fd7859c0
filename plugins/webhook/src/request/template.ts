import { invalidTask, type JsonValue, pythonText, renderInputs, type Task } from "@flyte-agent/sdk";

/** A string with the inputs filled in and places for secrets. */
export type Template = readonly TemplatePart[];

type TemplatePart = { readonly text: string } | { readonly secret: string };

/**
 * Fills the inputs into a template and keeps places for `{secrets.NAME}`. Only what the task's author wrote makes such
 * a place: neither an input nor a secret can bring in another one by its value.
 *
 * @param where the field, as the author wrote it, for example `custom.url`.
 * @throws AgentError `invalid_task` or `invalid_input` if a placeholder cannot be filled in.
 */
export function readTemplate(where: string, written: JsonValue, task: Task): Template {
  if (typeof written !== "string") return [{ text: pythonText(written) }];
  // `split` with a group alternates: text, name, text, name, …, text.
  return written.split(/\{secrets\.([^{}]*)\}/).map((piece, index) => {
    if (index % 2 === 0) return { text: renderText(piece, task) };
    if (piece === "")
      throw invalidTask(where, "got {secrets.} without a name, expected for example {secrets.slack_token}");
    return { secret: piece };
  });
}

// A string that is one placeholder would become a value without its kind: 1 for the float that Python prints as 1.0.
function renderText(text: string, task: Task): string {
  return String(renderInputs(`${text}\n`, task)).slice(0, -1);
}

/** The names of the secrets that templates ask for. */
export function secretsIn(templates: Iterable<Template>): Set<string> {
  const names = [...templates].flatMap((template) =>
    template.flatMap((part) => ("secret" in part ? [part.secret] : [])),
  );
  return new Set(names);
}

/** Puts values in the places of secrets. */
export function fillSecrets(template: Template, secretOf: (secret: string) => string): string {
  return template.map((part) => ("secret" in part ? secretOf(part.secret) : part.text)).join("");
}
