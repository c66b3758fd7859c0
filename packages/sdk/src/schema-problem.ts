import { isPlainObject } from "@flyte-agent/literals/internal";
import { issuePath, type SchemaIssue } from "./standard-schema.ts";

/** What a schema found, as a clause: {@link placedProblem} in one text. */
export function schemaProblem(issue: SchemaIssue, whole: unknown): string {
  const { path, problem } = placedProblem(issue, whole);
  return path === "" ? "it as a whole does not fit" : `${path} ${problem}`;
}

/**
 * What a schema found: where it is, what kind of value stands there and what would fit, `count` and `is a
 * string that does not fit: expected number`. The schema's own message may quote the value; it is left out where it does.
 */
export function placedProblem(issue: SchemaIssue, whole: unknown): PlacedProblem {
  const path = issuePath(issue);
  const found = valueAt(issue, whole);
  if (found === undefined) return { path, problem: `is missing${clause(authorsMessage(issue, undefined))}` };
  const expected = authorsMessage(issue, found.value) || expectation(issue);
  return { path, problem: `is ${kindOf(found.value)} that does not fit${clause(expected)}` };
}

/**
 * What a schema found, for whoever knows the place: the words of its author, else what kind of value stands there and what would
 * fit, `got a string, expected number`. Never the value.
 */
export function shownProblem(issue: SchemaIssue, whole: unknown): string {
  const found = valueAt(issue, whole);
  const expected = expectation(issue);
  if (found === undefined) return authorsMessage(issue, undefined) || `is missing${clause(expected)}`;
  const kind = kindOf(found.value);
  return (
    authorsMessage(issue, found.value) || `got ${kind}${expected === "" ? ", which does not fit" : `, ${expected}`}`
  );
}

/** What stands where the issue is, `undefined` if nothing does. */
function valueAt({ path = [] }: SchemaIssue, whole: unknown): { readonly value: unknown } | undefined {
  let value = whole;
  for (const part of path) {
    const key = typeof part === "object" ? part.key : part;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    // The line above says that the key is there.
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return { value };
}

/** A problem and its place, `""` for the whole. */
export interface PlacedProblem {
  readonly path: string;
  readonly problem: string;
}

function clause(text: string): string {
  return text === "" ? "" : `: ${text}`;
}

const longestExpectation = 200;

/** valibot says apart from its message what it expected, zod for some issues. */
function expectation(issue: SchemaIssue): string {
  const expected = "expected" in issue ? issue.expected : undefined;
  return typeof expected === "string" && expected.length <= longestExpectation ? `expected ${expected}` : "";
}

/** The message that the schema's author wrote, `""` for one of the library's own and one that may quote the value. */
function authorsMessage(issue: SchemaIssue, value: unknown): string {
  const { message } = issue;
  const expected = expectation(issue);
  const isLibrarys = expected !== "" && message.toLowerCase().includes(expected.toLowerCase());
  const mayQuote = textsIn(value).some((text) => isQuoted(text, message));
  return isLibrarys || mayQuote || message.length > longestExpectation ? "" : message;
}

/** Shorter ones stand in many a message by chance. */
const shortestQuote = 6;

function isQuoted(text: string, message: string): boolean {
  return text.length >= shortestQuote && message.includes(text);
}

/** All texts that a message could quote of a value. */
function textsIn(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [String(value)];
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
