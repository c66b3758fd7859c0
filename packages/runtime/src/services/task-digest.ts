import { hash } from "node:crypto";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { type MapEntrySorter, mapEntrySorter } from "@flyte-agent/literals";

const sortTemplate = {
  1: mapEntrySorter(flyteidl1.TaskTemplateSchema),
  2: mapEntrySorter(flyteidl2.TaskTemplateSchema),
} as const;

// Flyte 2's `Inputs` are the same on the wire, but a list by their definition.
const sortInputs = mapEntrySorter(flyteidl1.LiteralMapSchema);

/**
 * A digest that is the same for each repetition of a task: grpc-go writes the entries of maps in another order each time,
 * which does not count.
 */
export function digestTask(
  { template, inputs }: { readonly template: Uint8Array; readonly inputs: Uint8Array },
  flyte: 1 | 2,
): string {
  const parts = [sorted(template, sortTemplate[flyte]), sorted(inputs, sortInputs)];
  return parts.map((bytes) => hash("sha256", bytes, "base64url")).join();
}

// What cannot be read is refused by whoever reads it.
function sorted(bytes: Uint8Array, sort: MapEntrySorter): Uint8Array {
  try {
    return sort(bytes);
  } catch {
    return bytes;
  }
}
