import { invalidTask } from "@flyte-agent/sdk";

// In Node since version 21; TypeScript's library does not have it yet.
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };

/**
 * The JSON of `data`, with every digit of integers that are too large for a number.
 *
 * @throws AgentError `invalid_task` for NaN and infinities, which JSON does not have.
 */
export function jsonBody(data: unknown): string {
  return JSON.stringify(data, (key, value: unknown) => {
    if (typeof value === "bigint") return rawJSON(String(value));
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw invalidTask(
        "custom.data",
        `got ${value} as ${JSON.stringify(key)}, which JSON does not have. Send a number or a text`,
      );
    }
    return value;
  });
}
