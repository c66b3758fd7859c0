import type { FlyteValue, LiteralType } from "@flyte-agent/literals";
import { readLiteralMap } from "@flyte-agent/literals";
import { decodeField } from "./decode-field.ts";

/**
 * Decodes outputs, as a client of Flyte would: for command lines and tests.
 *
 * @param bytes an encoded `flyteidl.core.LiteralMap` or `flyteidl2.task.Outputs`.
 * @throws AgentError `malformed_message`, or `invalid_output` with the path.
 */
export function readOutputs(
  bytes: Uint8Array,
  declared: ReadonlyMap<string, LiteralType>,
  options: { readonly integers?: "auto" | "bigint" } = {},
): Record<string, FlyteValue> {
  const { integers = "auto" } = options;
  return decodeField("outputs", () => readLiteralMap(bytes, declared, { direction: "output", integers }));
}
