import { nearestName } from "@flyte-agent/sdk/host";
import type * as v from "valibot";
import { schemaMember, unwrappedSchema } from "./schema-member.ts";

/** One thing that is wrong in data that a person wrote. */
export interface SchemaProblem {
  /** Keys and indexes that lead to it. */
  readonly path: readonly (string | number)[];
  /** A sentence without its subject, for example `got "x", expected a whole number`. */
  readonly problem: string;
}

/**
 * Puts an issue of one of our schemas into words. Their messages say what was expected; for an unknown key the nearest
 * known one is named.
 */
export function schemaProblem(schema: v.GenericSchema, issue: v.BaseIssue<unknown>): SchemaProblem {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  const last = path.at(-1);
  if (issue.type === "strict_object" && last !== undefined) {
    const known = keysAt(schema, path.slice(0, -1));
    if (issue.expected === "never") return { path, problem: unknownKey(String(last), known) };
    if (issue.received === "undefined") return { path, problem: "is missing" };
  }
  return { path, problem: `got ${shown(issue.input)}, expected ${issue.message}` };
}

/** A problem as a sentence about its subject. */
export function problemText(subject: string, { problem }: SchemaProblem): string {
  return `${subject}${/^(is|must) /.test(problem) ? " " : ": "}${problem}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  return nearest === undefined
    ? `is not a known key: known are ${known.join(", ")}`
    : `is not a known key, did you mean "${nearest}"?`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** The keys that the object at this path may have. */
function keysAt(schema: unknown, path: readonly (string | number)[]): readonly string[] {
  let at = schema;
  for (const step of path) {
    at =
      typeof step === "number"
        ? schemaMember(unwrappedSchema(at), "item")
        : schemaMember(schemaMember(unwrappedSchema(at), "entries"), step);
  }
  const entries = schemaMember(unwrappedSchema(at), "entries");
  return typeof entries === "object" && entries !== null ? Object.keys(entries) : [];
}
