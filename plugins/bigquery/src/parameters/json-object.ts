import type { JsonObject, JsonValue } from "@flyte-agent/sdk";

/** Tells an object of JSON from a list and everything else. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
