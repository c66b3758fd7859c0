import type { JsonValue } from "@flyte-agent/literals";
import { listTexts, maxDepth, quoteCut } from "@flyte-agent/literals/internal";
import { invalidInput, invalidTask } from "../errors.ts";
import type { Task } from "../task.ts";
import {
  literalTemplateValue,
  plainValue,
  type RenderedValue,
  type StructureForm,
  type TemplateValue,
} from "./literal-template-value.ts";
import { pythonText } from "./python-text.ts";

/**
 * Fills the inputs of a task into the placeholders `{inputs.name}` of a tree of JSON, as flytekit's connectors do.
 *
 * A string that is one placeholder becomes the input's value, of its own kind; inside a string the value stands as
 * Python's `str()` prints it ({@link pythonText}). Files and tables are their address, timestamps ISO text, durations
 * seconds, msgpack values JSON text. `{inputs.map.key}` reaches into maps and Structs, and, other than in Python, into dataclasses
 * and dicts. Braces without a dot between stay as they are. Other than in Python, what a value brings along is never filled in again.
 *
 * @param more further roots for placeholders, for example `{ images: … }` for `{images.name}`.
 * @throws AgentError `invalid_input` naming the input that is not there; `invalid_task` for any other placeholder
 *   with a dot that leads nowhere, and for a template into which more than 64 Mi characters of inputs would be
 *   filled.
 *
 * @example
 * ```ts
 * defineSyncAgent({
 *   name: "Notifier",
 *   taskType: "notify",
 *   do: async (task) => succeeded({ message: String(renderInputs("run of {inputs.name} ended", task)) }),
 * });
 * ```
 */
export function renderInputs(
  tree: JsonValue,
  task: Pick<Task, "literals" | "inputTypes">,
  more: Readonly<Record<string, JsonValue>> = {},
): RenderedValue {
  // By name, not by path: a template may reach into one large map a thousand times.
  const inputs = new Map<string, TemplateValue>();
  const inputValue = (name: string, path: string, structures: StructureForm): TemplateValue => {
    const key = `${structures} ${name}`;
    const value = inputs.get(key) ?? inputOf(name, path, task, structures);
    inputs.set(key, value);
    return value;
  };
  const values = new Map<string, RenderedValue>();
  const texts = new Map<string, string>();
  let filledLength = 0;
  const filledText = (path: string): string => {
    const text = texts.get(path) ?? pythonText(find(path, inputValue, more));
    texts.set(path, text);
    filledLength += text.length;
    if (filledLength <= maxFilledLength) return text;
    throw invalidTask(
      "template",
      `the inputs that are filled in are longer than ${maxFilledLength} characters together`,
    );
  };
  const filledValue = (path: string): RenderedValue => {
    const known = values.get(path);
    if (known === undefined) {
      const value = plainValue(find(path, inputValue, more));
      values.set(path, value);
      return value;
    }
    // The value is shared, but whoever writes it as text writes it again.
    filledText(path);
    return known;
  };
  return render(tree, { value: filledValue, text: filledText }, 0);
}

/** A large input that a template names a thousand times makes more than any vendor takes, or than Node can hold. */
const maxFilledLength = 64 * 1024 * 1024;

/** What stands for a path: alone, and inside a string. */
interface LookUp {
  value(path: string): RenderedValue;
  text(path: string): string;
}

function render(tree: JsonValue, lookUp: LookUp, depth: number): RenderedValue {
  if (depth > maxDepth) throw invalidTask("template", `nested deeper than ${maxDepth} levels`);
  if (typeof tree === "string") return renderText(tree, lookUp);
  if (typeof tree !== "object" || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((item) => render(item, lookUp, depth + 1));
  const object: { [key: string]: RenderedValue } = Object.create(null);
  for (const [key, value] of Object.entries(tree)) object[key] = render(value, lookUp, depth + 1);
  return object;
}

function renderText(text: string, lookUp: LookUp): RenderedValue {
  let rendered = "";
  let from = 0;
  for (const { start, end, path } of placeholdersIn(text)) {
    if (end - start === text.length) return lookUp.value(path);
    rendered += text.slice(from, start) + lookUp.text(path);
    from = end;
  }
  return rendered + text.slice(from);
}

interface Placeholder {
  readonly start: number;
  readonly end: number;
  readonly path: string;
}

/**
 * What Python's pattern `{([^}]+)}` finds, as far as it has a dot: braces with anything between but a closing one. The
 * pattern itself would look through the rest of the text at each brace that is not closed.
 */
function* placeholdersIn(text: string): Generator<Placeholder> {
  for (let start = text.indexOf("{"); start !== -1; ) {
    const close = text.indexOf("}", start);
    if (close === -1) return;
    const path = text.slice(start + 1, close);
    if (path.includes(".")) yield { start, end: close + 1, path };
    start = text.indexOf("{", close);
  }
}

function find(
  path: string,
  inputValue: (name: string, path: string, structures: StructureForm) => TemplateValue,
  more: Readonly<Record<string, JsonValue>>,
): TemplateValue {
  const [root = "", ...keys] = path.split(".");
  if (root === "inputs") {
    const [name = "", ...members] = keys;
    return memberOf(inputValue(name, path, members.length === 0 ? "text" : "tree"), members, (key) =>
      invalidInput(cut(name), `the template uses {${cut(path)}}, and there is no ${quoteCut(key)} in it`),
    );
  }
  const noSuch = (): Error => invalidTask(`{${cut(path)}}`, `nothing to fill in, expected for example {inputs.name}`);
  if (!Object.hasOwn(more, root)) throw noSuch();
  return memberOf(more[root] ?? null, keys, noSuch);
}

function inputOf(
  name: string,
  path: string,
  task: Pick<Task, "literals" | "inputTypes">,
  structures: StructureForm,
): TemplateValue {
  const literal = task.literals.get(name);
  if (literal !== undefined) return literalTemplateValue(name, literal, structures);
  const uses = `the template uses {${cut(path)}}`;
  if (task.inputTypes.has(name)) throw invalidInput(cut(name), `${uses}, and Flyte sent no value for it`);
  const inputs = task.inputTypes.size === 0 ? "none" : listTexts([...task.inputTypes.keys()]);
  throw invalidInput(cut(name), `${uses}, and the task has no such input: it has ${inputs}`);
}

const maxPathLength = 128;

/** A path in an error message; whatever stands between braces is taken for one. */
function cut(path: string): string {
  return path.length > maxPathLength ? `${path.slice(0, maxPathLength - 1).toWellFormed()}…` : path;
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
