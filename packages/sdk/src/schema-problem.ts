import { isPlainObject } from "@flyte-agent/literals/internal";
import { issuePath, type SchemaIssue } from "./standard-schema.ts";

/**
 * What a schema found, as a clause: where it is, what kind of value stands there and what would fit, `count is a string
 * that does not fit: expected number`. The schema's own message may quote the value; it is left out where it does.
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
  const expected = expectation(issue, value);
  return `${path} is ${kindOf(value)} that does not fit${expected === "" ? "" : `: ${expected}`}`;
}

const longestExpectation = 200;

function expectation(issue: SchemaIssue, value: unknown): string {
  // valibot says apart from its message what it expected, zod for some issues.
  const expected = "expected" in issue ? issue.expected : undefined;
  if (typeof expected === "string" && expected.length <= longestExpectation) return `expected ${expected}`;
  const { message } = issue;
  const mayQuote = typeof value === "object" ? value !== null : message.includes(String(value));
  return mayQuote || message.length > longestExpectation ? "" : message;
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
