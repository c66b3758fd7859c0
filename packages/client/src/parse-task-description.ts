import { fromJson, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { invalidTask } from "@flyte-agent/sdk";
import { pathText } from "@flyte-agent/sdk/host";
import { checkTemplate, type DescriptionPath, shown } from "./check-template.ts";
import { type TaskToRun, taskToRun } from "./task-to-run.ts";

/**
 * Makes a task from its description: an object in the shape of a Flyte task template (`flyteidl.core.TaskTemplate` as
 * JSON) with its inputs in plain values beside it, under `inputs`.
 *
 * ```yaml
 * type: timer
 * interface:
 *   inputs: { variables: { seconds: { type: { simple: FLOAT } } } }
 * inputs: { seconds: 2.5 }
 * ```
 *
 * @throws AgentError `invalid_task` naming the key that is unknown, missing or mistyped; `invalid_input` for inputs that
 *   are not as declared.
 */
export function parseTaskDescription(description: unknown): TaskToRun {
  if (typeof description !== "object" || description === null || Array.isArray(description)) {
    throw invalidTask(
      "the task",
      `expected an object in the shape of a task template, with type, interface and inputs, got ${shown(description)}`,
    );
  }
  // Not null and no array, so its members are read by name.
  const { inputs, ...template } = description as Readonly<Record<string, unknown>>;
  const written = { ...template, interface: withVariableMaps(template.interface) };
  checkTemplate(flyteidl1.TaskTemplateSchema, written, [], ["inputs"]);
  const message = (() => {
    try {
      return fromJson(flyteidl1.TaskTemplateSchema, toJson(written, []));
    } catch (cause) {
      throw cause instanceof Error && cause.name !== "AgentError" ? notATemplate(cause) : cause;
    }
  })();
  return taskToRun(toBinary(flyteidl1.TaskTemplateSchema, message), inputs);
}

/** Flyte 2 writes variables as a list of `{ key, value }`; on the wire that is the same as Flyte 1's map. */
function withVariableMaps(typedInterface: unknown): unknown {
  if (typeof typedInterface !== "object" || typedInterface === null) return typedInterface;
  return Object.fromEntries(
    Object.entries(typedInterface).map(([side, map]) => [side, withVariableMap(map, `interface.${side}.variables`)]),
  );
}

function withVariableMap(map: unknown, place: string): unknown {
  if (typeof map !== "object" || map === null || !("variables" in map) || !Array.isArray(map.variables)) return map;
  const entries = map.variables.map((entry: unknown, index) => {
    if (typeof entry === "object" && entry !== null && "key" in entry && typeof entry.key === "string") {
      return [entry.key, "value" in entry ? entry.value : {}] as const;
    }
    throw invalidTask(`${place}[${index}]`, "expected an object with key and value");
  });
  return { ...map, variables: Object.fromEntries(entries) };
}

function toJson(value: unknown, path: DescriptionPath): JsonValue {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      throw invalidTask(pathText(path), `${value} cannot be sent`);
    case "bigint":
      if (BigInt(Number(value)) === value) return Number(value);
      throw invalidTask(pathText(path), `${value} cannot be held exactly: write it in quotes`);
    case "object": {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item: unknown, index) => toJson(item, [...path, index]));
      const members = Object.entries(value).filter(([, member]) => member !== undefined);
      return Object.fromEntries(members.map(([key, member]) => [key, toJson(member, [...path, key])]));
    }
    default:
      throw invalidTask(pathText(path), `a ${typeof value} cannot be sent`);
  }
}

function notATemplate(cause: Error): Error {
  return invalidTask("the task", `is no task template: ${cause.message}`);
}
