import { create, fromBinary } from "@bufbuild/protobuf";
import type { TaskState } from "@flyte-agent/client/internal";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import type { LiteralType } from "@flyte-agent/sdk";
import { readOutputs } from "@flyte-agent/sdk/host";
import type { TestResource } from "./test-host.ts";

/**
 * Reads the outputs of a resource.
 *
 * @param declared types of the task's outputs; outputs that are not among them are read by their own look.
 */
export function readResource(state: TaskState, declared: ReadonlyMap<string, LiteralType>): TestResource {
  const { outputs } = state;
  if (outputs === undefined) return { ...state, outputs };
  const untyped = create(flyteidl2.LiteralTypeSchema);
  const names = Object.keys(fromBinary(flyteidl1.LiteralMapSchema, outputs).literals);
  const types = new Map(names.map((name) => [name, declared.get(name) ?? untyped]));
  return { ...state, outputs: { ...readOutputs(outputs, types) } };
}
