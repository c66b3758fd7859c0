import { fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { AgentError, invalidTask, isAgentError } from "@flyte-agent/sdk";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { isObject } from "./is-object.ts";
import { parseTaskDescription } from "./parse-task-description.ts";
import { type TaskToRun, taskToRun } from "./task-to-run.ts";

/**
 * Reads a task from a file: YAML or JSON as {@link parseTaskDescription} takes it, a serialized
 * `flyteidl.admin.TaskSpec` (what flytekit's packaging writes) or a bare `flyteidl.core.TaskTemplate`.
 *
 * @param inputs plain values by input name; they replace those of the same name in the file.
 * @throws AgentError `invalid_task` or `invalid_input`, with the name of the file in front.
 */
export function parseTaskFile(
  bytes: Uint8Array,
  fileName: string,
  inputs: Readonly<Record<string, unknown>> = {},
): TaskToRun {
  try {
    const text = textOf(bytes);
    return text === undefined ? fromTemplate(bytes, inputs) : fromText(text, inputs);
  } catch (cause) {
    throw isAgentError(cause) ? new AgentError(cause.code, `${fileName}: ${cause.message}`, { cause }) : cause;
  }
}

/**
 * Reads plain values from YAML or JSON text. Whole numbers beyond 2^53 become bigints.
 *
 * @throws AgentError `invalid_task` with line and column.
 */
export function parsePlainText(text: string): unknown {
  try {
    return withNumbers(parseYaml(text, { intAsBigInt: true, prettyErrors: false }));
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause;
    const before = text.slice(0, cause.pos[0]).split("\n");
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new AgentError("invalid_task", `${place}: ${firstLine(cause.message)}`, { cause });
  }
}

// Protobuf of a template is full of control characters: the tags of its fields are some. Text has none of them.
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /(?![\t\n\r])\p{Cc}/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function fromText(text: string, inputs: Readonly<Record<string, unknown>>): TaskToRun {
  const description = parsePlainText(text);
  if (typeof description !== "object" || description === null || Array.isArray(description)) {
    return parseTaskDescription(description);
  }
  const own = "inputs" in description ? description.inputs : undefined;
  if (Object.keys(inputs).length === 0 || (own !== undefined && own !== null && !isObject(own))) {
    return parseTaskDescription(description);
  }
  return parseTaskDescription({ ...description, inputs: { ...own, ...inputs } });
}

function fromTemplate(bytes: Uint8Array, inputs: Readonly<Record<string, unknown>>): TaskToRun {
  const readings = [readSpec(bytes), readTemplate(bytes)].filter((reading) => reading !== undefined);
  // Almost any bytes can be read as a message, a template even as a spec; what was meant leaves no fields over.
  const reading = readings.find(({ hasUnknown }) => !hasUnknown) ?? readings[0];
  if (reading !== undefined) return taskToRun(toBinary(flyteidl1.TaskTemplateSchema, reading.template), inputs);
  throw invalidTask(
    "the file",
    "is neither YAML or JSON nor a serialized flyteidl.admin.TaskSpec or flyteidl.core.TaskTemplate with a task type",
  );
}

interface Reading {
  readonly template: flyteidl1.TaskTemplate;
  readonly hasUnknown: boolean;
}

function readSpec(bytes: Uint8Array): Reading | undefined {
  const spec = orUndefined(() => fromBinary(flyteidl1.TaskSpecSchema, bytes));
  if (spec?.template === undefined) return undefined;
  return withType({ template: spec.template, hasUnknown: hasUnknown(spec) || hasUnknown(spec.template) });
}

function readTemplate(bytes: Uint8Array): Reading | undefined {
  const template = orUndefined(() => fromBinary(flyteidl1.TaskTemplateSchema, bytes));
  return template === undefined ? undefined : withType({ template, hasUnknown: hasUnknown(template) });
}

function withType(reading: Reading): Reading | undefined {
  const { type } = reading.template;
  return type === "" || /\p{Cc}/u.test(type) ? undefined : reading;
}

function hasUnknown({ $unknown }: Message): boolean {
  return ($unknown ?? []).length > 0;
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function withNumbers(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withNumbers(member)]));
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
