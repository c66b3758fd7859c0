import { exactNumbers, invalidTask } from "@flyte-agent/sdk";

/**
 * The JSON of `data`, with every digit of integers that are too large for a number, and the sign of -0.
 *
 * @throws AgentError `invalid_task` for NaN and infinities, which JSON does not have.
 */
export function jsonBody(data: unknown): string {
  return JSON.stringify(data, (key, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw invalidTask(
        "custom.data",
        `got ${value} as ${JSON.stringify(key)}, which JSON does not have. Send a number or a string`,
      );
    }
    return exactNumbers(key, value);
  });
}
