import { create } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { LiteralType } from "@flyte-agent/sdk";
import { phaseFromProto, readOutputs } from "@flyte-agent/sdk/host";
import type { SentResource } from "./flyte-client.ts";
import type { TestResource } from "./test-host.ts";

/**
 * Reads a resource.
 *
 * @param declared types of the task's outputs; outputs that are not among them are read by their own look.
 * @throws Error if the phase is none that Flyte knows.
 */
export function readResource(sent: SentResource, declared: ReadonlyMap<string, LiteralType>): TestResource {
  const { phase: phaseNumber, outputs, outputNames, ...rest } = sent;
  const phase = phaseFromProto(phaseNumber);
  if (phase === undefined) throw new Error(`the answer has phase number ${phaseNumber}, which Flyte does not know`);
  const untyped = create(flyteidl2.LiteralTypeSchema);
  const types = new Map(outputNames.map((name) => [name, declared.get(name) ?? untyped]));
  return { phase, ...rest, outputs: outputs === undefined ? undefined : { ...readOutputs(outputs, types) } };
}
