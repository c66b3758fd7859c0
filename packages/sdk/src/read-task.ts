import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { flyteidl2, wire } from "@flyte-agent/idl";
import type { JsonObject, Literal, LiteralType } from "@flyte-agent/literals";
import { literalSpans, readLiteralMap } from "@flyte-agent/literals";
import {
  containerBudget,
  maxDepth,
  readStruct,
  recursionLimit,
  tooManyContainers,
  wireSource,
} from "@flyte-agent/literals/internal";
import { decodeField } from "./decode-field.ts";
import { invalidTask } from "./errors.ts";
import type { ContainerTarget, PodTarget, SqlTarget, Task, TaskTemplate } from "./task.ts";

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
  const parts = decodeField("template", () => readTemplate(encoded.template));
  const { inputTypes } = parts;
  let literals: ReadonlyMap<string, Literal> | undefined;
  let template: TaskTemplate | undefined;
  return {
    ...parts,
    inputs: decodeField("inputs", () =>
      readLiteralMap(encoded.inputs, inputTypes, { direction: "input", integers: options.integers }),
    ),
    // Made on first use: as messages, both take a hundred times the memory of their bytes.
    get literals(): ReadonlyMap<string, Literal> {
      literals ??= decodeField("inputs", () => decodeLiterals(encoded.inputs));
      return literals;
    },
    get template(): TaskTemplate {
      template ??= decodeField("template", () =>
        fromBinary(flyteidl2.TaskTemplateSchema, encoded.template, { recursionLimit }),
      );
      return template;
    },
  };
}

function readTemplate(bytes: Uint8Array): Omit<Task, "inputs" | "literals" | "template"> {
  const template = fromBinary(wire.TaskTemplateSchema, bytes, knownOnly);
  const id = decodeParts(flyteidl2.IdentifierSchema, template.id);
  const metadata = decodeParts(flyteidl2.TaskMetadataSchema, template.metadata);
  const types = decodeParts(flyteidl2.TypedInterfaceSchema, template.interface);
  const { target } = template;
  return {
    type: template.type,
    typeVersion: template.taskTypeVersion,
    id: { project: id.project, domain: id.domain, name: id.name, version: id.version },
    custom: readJson("custom", template.custom),
    config: textMap(template.config),
    sql: target.case === "sql" ? sqlTarget(target.value) : undefined,
    container: target.case === "container" ? containerTarget(target.value) : undefined,
    pod: target.case === "k8sPod" ? podTarget(target.value) : undefined,
    secretRequests: decodeParts(flyteidl2.SecurityContextSchema, template.securityContext).secrets.map(
      ({ group, key }) => ({ group, key }),
    ),
    timeoutMs: timeoutMs(metadata.timeout),
    retries: metadata.retries?.retries ?? 0,
    sdkVersion: metadata.runtime?.version ?? "",
    inputTypes: typesOf(types.inputs),
    outputTypes: typesOf(types.outputs),
  };
}

const knownOnly = { readUnknownFields: false } as const;

/** Decodes an embedded message; without a part it is empty. Types keep what we do not know: they may go back to Flyte. */
function decodeParts<Schema extends DescMessage>(schema: Schema, parts: readonly Uint8Array[]): MessageShape<Schema> {
  return fromBinary(schema, joined(parts), { recursionLimit });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array(), ...more] = parts;
  return more.length === 0 ? first : Buffer.concat(parts);
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

/** Straight from the bytes: protobuf-es's form of a Struct cannot hold every key, and takes many times as long. */
function readJson(field: string, parts: readonly Uint8Array[]): JsonObject {
  const bytes = joined(parts);
  return readStruct(wireSource(bytes), bytes.length, {
    budget: containerBudget(),
    tooDeep: () => invalidTask(field, `nested deeper than ${maxDepth} levels`),
    tooMany: () => invalidTask(field, tooManyContainers),
  });
}

function sqlTarget(bytes: Uint8Array): SqlTarget {
  return { statement: fromBinary(flyteidl2.SqlSchema, bytes, knownOnly).statement };
}

function containerTarget(bytes: Uint8Array): ContainerTarget {
  const container = fromBinary(flyteidl2.ContainerSchema, bytes, knownOnly);
  const env: Record<string, string> = Object.create(null);
  for (const { key, value } of container.env) env[key] = value;
  return { image: container.image, command: container.command, args: container.args, env };
}

function podTarget(bytes: Uint8Array): PodTarget {
  const pod = fromBinary(wire.K8sPodSchema, bytes, knownOnly);
  const { labels, annotations } = decodeParts(flyteidl2.K8sObjectMetadataSchema, pod.metadata);
  return {
    podSpec: readJson("k8s_pod.pod_spec", pod.podSpec),
    primaryContainerName: pod.primaryContainerName,
    labels: textMap(labels),
    annotations: textMap(annotations),
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
