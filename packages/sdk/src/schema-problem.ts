import { isPlainObject } from "@flyte-agent/literals/internal";
import { issuePath, type SchemaIssue } from "./standard-schema.ts";

/**
 * What a schema found, as a clause: where it is and what kind of value stands there, `count is a string that does not
 * fit`. The schema's own message may quote the value, so that it is left out.
 */
export function schemaProblem(issue: SchemaIssue, whole: unknown): string {
  const path = issuePath(issue);
  if (path === "") return "it as a whole does not fit";
  let value = whole;
  for (const part of issue.path ?? []) {
    const key = typeof part === "object" ? part.key : part;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return `${path} is missing`;
    // The line above says that the key is there.
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return `${path} is ${kindOf(value)} that does not fit`;
}

/** The kind of a value, for messages that must not show it. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "undefined";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && !isPlainObject(value))
    return `a ${Object.prototype.toString.call(value).slice(8, -1)}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
