/** A JSON object of unknown content. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** The value as a JSON object; an empty one if it is anything else, so that paths into a body need no checks between. */
export function jsonRecord(value: unknown): JsonRecord {
  // Sound: what is an object and no array can be read by any key, as unknown.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};
}
