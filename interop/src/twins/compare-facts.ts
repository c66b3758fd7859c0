import type { Facts } from "./facts.ts";

/** What differs of two answers. */
export interface FactsDifference {
  readonly theirs: Facts;
  readonly ours: Facts;
}

/** The facts that differ, long ones cut, or `undefined` if none does. */
export function compareFacts(theirs: Facts, ours: Facts): FactsDifference | undefined {
  const paths = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].filter(
    (path) => theirs[path] !== ours[path],
  );
  if (paths.length === 0) return undefined;
  return { theirs: only(theirs, paths), ours: only(ours, paths) };
}

function only(facts: Facts, paths: readonly string[]): Facts {
  return Object.fromEntries(
    paths.flatMap((path) => (facts[path] === undefined ? [] : [[path, shorten(facts[path])] as const])),
  );
}

const longest = 400;

function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, 40)}… (${text.length} characters)`;
}
