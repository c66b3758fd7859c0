import { invalidInput, invalidTask } from "./errors.ts";
import { maxDepth } from "./literals/place.ts";
import { listTexts } from "./literals/type-name.ts";
import type { JsonValue } from "./resource.ts";
import type { Task } from "./task.ts";
import {
  literalTemplateValue,
  plainValue,
  type RenderedValue,
  type TemplateValue,
} from "./text/literal-template-value.ts";
import { pythonText } from "./text/python-text.ts";

/** What Python's pattern finds: braces with anything between but a closing one. */
const placeholder = /\{([^}]+)\}/g;

/**
 * Fills the inputs of a task into the placeholders `{inputs.name}` of a tree of JSON, as flytekit's connectors do.
 *
 * A text that is one placeholder becomes the input's value, of its own kind; inside a text the value stands as
 * Python's `str()` prints it ({@link pythonText}). Files and tables are their address, moments ISO text, lengths of time
 * seconds, msgpack values JSON text. `{inputs.map.key}` reaches into maps and Structs. Braces without a dot between stay as
 * they are. Other than in Python, what a value brings along is never filled in again.
 *
 * @param more further roots for placeholders, for example `{ images: … }` for `{images.name}`.
 * @throws AgentError `invalid_input` naming the input that is not there; `invalid_task` for any other placeholder
 *   with a dot that leads nowhere.
 */
export function renderInputs(
  tree: JsonValue,
  task: Pick<Task, "literals" | "inputTypes">,
  more: Readonly<Record<string, JsonValue>> = {},
): RenderedValue {
  const known = new Map<string, TemplateValue>();
  const lookUp = (path: string): TemplateValue => {
    const value = known.get(path) ?? find(path, task, more);
    known.set(path, value);
    return value;
  };
  return render(tree, lookUp, 0);
}

function render(tree: JsonValue, lookUp: (path: string) => TemplateValue, depth: number): RenderedValue {
  if (depth > maxDepth) throw invalidTask("template", `nested deeper than ${maxDepth} levels`);
  if (typeof tree === "string") return renderText(tree, lookUp);
  if (typeof tree !== "object" || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((item) => render(item, lookUp, depth + 1));
  const object: { [key: string]: RenderedValue } = Object.create(null);
  for (const [key, value] of Object.entries(tree)) object[key] = render(value, lookUp, depth + 1);
  return object;
}

function renderText(text: string, lookUp: (path: string) => TemplateValue): RenderedValue {
  const [match] = text.matchAll(placeholder);
  const [whole, path] = match ?? [];
  if (whole === text && path?.includes(".")) return plainValue(lookUp(path));
  // A function as replacement: `$&` in a value means nothing.
  return text.replace(placeholder, (written, name: string) =>
    name.includes(".") ? pythonText(lookUp(name)) : written,
  );
}

function find(
  path: string,
  task: Pick<Task, "literals" | "inputTypes">,
  more: Readonly<Record<string, JsonValue>>,
): TemplateValue {
  const [root = "", ...keys] = path.split(".");
  if (root === "inputs") {
    const [name = "", ...members] = keys;
    return memberOf(inputOf(name, path, task), members, (key) =>
      invalidInput(name, `the template uses {${path}}, and there is no "${key}" in it`),
    );
  }
  const noSuch = (): Error => invalidTask(`{${path}}`, `nothing to fill in, expected for example {inputs.name}`);
  if (!Object.hasOwn(more, root)) throw noSuch();
  return memberOf(more[root] ?? null, keys, noSuch);
}

function inputOf(name: string, path: string, task: Pick<Task, "literals" | "inputTypes">): TemplateValue {
  const literal = task.literals.get(name);
  if (literal !== undefined) return literalTemplateValue(name, literal);
  if (task.inputTypes.has(name))
    throw invalidInput(name, `the template uses {${path}}, and Flyte sent no value for it`);
  const inputs = task.inputTypes.size === 0 ? "none" : listTexts([...task.inputTypes.keys()]);
  throw invalidInput(name, `the template uses {${path}}, and the task has no such input: it has ${inputs}`);
}

function memberOf(value: TemplateValue, keys: readonly string[], noSuch: (key: string) => Error): TemplateValue {
  let member = value;
  for (const key of keys) {
    if (member instanceof Map && member.has(key)) member = member.get(key) ?? null;
    else if (isObject(member) && Object.hasOwn(member, key)) member = member[key] ?? null;
    else throw noSuch(key);
  }
  return member;
}

/** Objects come from the tree of JSON that the caller gave as `more`. */
function isObject(value: TemplateValue): value is { readonly [key: string]: TemplateValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);
}
