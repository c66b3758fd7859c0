import { fromBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { JsonObject, Literal, LiteralType } from "@flyte-agent/literals";
import { literalSpans, readLiteralMap } from "@flyte-agent/literals";
import {
  containerBudget,
  fieldEnd,
  finishMessage,
  maxDepth,
  readStruct,
  recursionLimit,
  skipField,
  tooManyContainers,
  wireSource,
} from "@flyte-agent/literals/internal";
import { decodeField } from "./decode-field.ts";
import { invalidTask } from "./errors.ts";
import type { ContainerTarget, PodTarget, Task } from "./task.ts";

/** A task as Flyte sends it: an encoded `TaskTemplate` and an encoded `LiteralMap`, of either generation. */
export interface EncodedTask {
  readonly template: Uint8Array;
  readonly inputs: Uint8Array;
}

/** How the inputs are handed out. */
export interface ReadTaskOptions {
  /** INTEGER as number where it is safe (`"auto"`), or always as bigint. */
  readonly integers: "auto" | "bigint";
}

/**
 * Makes the neutral view of a task from the bytes that Flyte sent.
 *
 * @throws AgentError `malformed_message` if the bytes are not what they should be; `invalid_task` for a `custom` that
 *   nests too deep; `invalid_input` naming an input that is not declared, comes twice or is not of its type.
 */
export function readTask(encoded: EncodedTask, options: ReadTaskOptions): Task {
  const template = decodeField("template", () =>
    fromBinary(flyteidl2.TaskTemplateSchema, encoded.template, { recursionLimit }),
  );
  const inputTypes = typesOf(template.interface?.inputs);
  const { metadata, target } = template;
  let literals: ReadonlyMap<string, Literal> | undefined;
  return {
    type: template.type,
    typeVersion: template.taskTypeVersion,
    id: {
      project: template.id?.project ?? "",
      domain: template.id?.domain ?? "",
      name: template.id?.name ?? "",
      version: template.id?.version ?? "",
    },
    custom: decodeField("template", () => readCustom(encoded.template)),
    config: textMap(template.config),
    sql: target.case === "sql" ? { statement: target.value.statement } : undefined,
    container: target.case === "container" ? containerTarget(target.value) : undefined,
    pod: target.case === "k8sPod" ? podTarget(target.value) : undefined,
    secretRequests: (template.securityContext?.secrets ?? []).map(({ group, key }) => ({ group, key })),
    timeoutMs: timeoutMs(metadata?.timeout),
    retries: metadata?.retries?.retries ?? 0,
    sdkVersion: metadata?.runtime?.version ?? "",
    inputTypes,
    outputTypes: typesOf(template.interface?.outputs),
    inputs: decodeField("inputs", () =>
      readLiteralMap(encoded.inputs, inputTypes, { direction: "input", integers: options.integers }),
    ),
    // Made on first use: as messages, large inputs take a hundred times the memory of their bytes.
    get literals(): ReadonlyMap<string, Literal> {
      literals ??= decodeField("inputs", () => decodeLiterals(encoded.inputs));
      return literals;
    },
    template,
  };
}

function decodeLiterals(inputs: Uint8Array): ReadonlyMap<string, Literal> {
  const literals = new Map<string, Literal>();
  for (const [name, bytes] of literalSpans(inputs)) {
    literals.set(name, fromBinary(flyteidl2.LiteralSchema, bytes, { recursionLimit }));
  }
  return literals;
}

function typesOf(variables: flyteidl2.VariableMap | undefined): ReadonlyMap<string, LiteralType> {
  const types = new Map<string, LiteralType>();
  for (const { key, value } of variables?.variables ?? []) {
    types.set(key, value?.type ?? untyped());
  }
  return types;
}

/** A variable without type: its literals speak for themselves. */
function untyped(): LiteralType {
  return fromBinary(flyteidl2.LiteralTypeSchema, new Uint8Array());
}

/** Reads field 5 of a TaskTemplate again, since the message's own form of it cannot hold every key. */
function readCustom(template: Uint8Array): JsonObject {
  const source = wireSource(template);
  const { reader } = source;
  const budget = containerBudget();
  let custom: JsonObject | undefined;
  while (reader.pos < template.length) {
    const tag = reader.uint32();
    if (tag === 0x2a) {
      const part = readStruct(source, fieldEnd(source, template.length), {
        budget,
        tooDeep: () => invalidTask("custom", `nested deeper than ${maxDepth} levels`),
        tooMany: () => invalidTask("custom", tooManyContainers),
      });
      // A message that comes in parts is their merger.
      custom = custom === undefined ? part : Object.assign(custom, part);
    } else skipField(source, tag);
  }
  finishMessage(source, template.length);
  return custom ?? Object.create(null);
}

function containerTarget(container: flyteidl2.Container): ContainerTarget {
  const env: Record<string, string> = Object.create(null);
  for (const { key, value } of container.env) env[key] = value;
  return { image: container.image, command: container.command, args: container.args, env };
}

function podTarget(pod: flyteidl2.K8sPod): PodTarget {
  return {
    // A Struct holds JSON by definition; protobuf-es merely types it wider.
    podSpec: (pod.podSpec ?? {}) as JsonObject,
    primaryContainerName: pod.primaryContainerName,
    labels: textMap(pod.metadata?.labels ?? {}),
    annotations: textMap(pod.metadata?.annotations ?? {}),
  };
}

function textMap(entries: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const map: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(entries)) map[key] = value;
  return map;
}

/** Flyte means "unlimited" by no timeout and by 0. */
function timeoutMs(timeout: flyteidl2.TaskMetadata["timeout"]): number | undefined {
  if (timeout === undefined) return undefined;
  const milliseconds = Number(timeout.seconds) * 1000 + timeout.nanos / 1e6;
  return milliseconds > 0 ? milliseconds : undefined;
}
