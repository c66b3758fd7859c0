import { Buffer } from "node:buffer";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { LiteralType } from "@flyte-agent/literals";
import { recursionLimit } from "@flyte-agent/literals/internal";
import { withoutMetadata } from "./without-metadata.ts";

const key = "flyte_agent_outputs";

/** What the types may take beside the job itself. */
const maxBytes = 1024;

/**
 * Adds the declared types of a task's outputs to its encoded job, so that every server converts and checks outputs
 * alike: GetTask brings no template. They are a `VariableMap` in base64 under a key that no author's job has, without
 * metadata, which FlytePropeller does not send either.
 *
 * @param job as `encodeJob` wrote it.
 * @returns the same bytes for a task without outputs; `undefined` if the types would take more than 1 KiB.
 */
export function addOutputTypes(job: Uint8Array, types: ReadonlyMap<string, LiteralType>): Uint8Array | undefined {
  if (types.size === 0) return job;
  // In one order, since grpc-go sends them in any: a create that is repeated elsewhere makes the same job.
  const variables = [...types]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, type]) => ({ key: name, value: { type: withoutMetadata(type) } }));
  const encoded = toBinary(flyteidl2.VariableMapSchema, create(flyteidl2.VariableMapSchema, { variables }));
  const comma = job.byteLength === "{}".length ? "" : ",";
  const end = `${comma}"${key}":"${Buffer.from(encoded).toString("base64")}"}`;
  if (end.length > maxBytes) return undefined;
  return Buffer.concat([job.subarray(0, -1), Buffer.from(end)]);
}

/** Reads what {@link addOutputTypes} added; `undefined` if nothing was, or nothing that can be read. */
export function readOutputTypes(job: Readonly<Record<string, unknown>>): ReadonlyMap<string, LiteralType> | undefined {
  const { [key]: text } = job;
  if (typeof text !== "string") return undefined;
  try {
    const { variables } = fromBinary(flyteidl2.VariableMapSchema, Buffer.from(text, "base64"), { recursionLimit });
    const types = variables.map(({ key: name, value }) => [name, value?.type ?? untyped()] as const);
    return types.length === 0 ? undefined : new Map(types);
  } catch {
    return undefined;
  }
}

function untyped(): LiteralType {
  return create(flyteidl2.LiteralTypeSchema);
}
