import { readFileSync } from "node:fs";

/** Reads an object from a JSON file; `{}` where there is none. */
export function readJsonObject(file: string): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof content === "object" && content !== null ? { ...content } : {};
  } catch {
    return {};
  }
}
