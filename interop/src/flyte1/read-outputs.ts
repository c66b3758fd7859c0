import { fromBinary, toJson } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { decode } from "@msgpack/msgpack";
import type { BlobStore } from "./blob-store.ts";
import type { WorkflowState } from "./workflow-state.ts";

/** Reads what propeller wrote as a workflow's outputs: by name the value of a MessagePack, of others the literal's protojson. */
export async function readOutputs({ outputsUri }: WorkflowState, store: BlobStore): Promise<Record<string, unknown>> {
  const { literals } = fromBinary(flyteidl1.LiteralMapSchema, await store.read(outputsUri));
  return Object.fromEntries(Object.entries(literals).map(([name, literal]) => [name, readable(literal)]));
}

function readable(literal: flyteidl1.Literal): unknown {
  const scalar = literal.value.case === "scalar" ? literal.value.value.value : undefined;
  if (scalar?.case === "binary" && scalar.value.tag === "msgpack") return decode(scalar.value.value);
  return toJson(flyteidl1.LiteralSchema, literal);
}
