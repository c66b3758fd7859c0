import { closestMatch } from "leven";

/**
 * Finds the known name that a mistyped one most likely means.
 *
 * @returns `undefined` if none is close: fewer than about half of its letters agree.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const exceptCase = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return exceptCase ?? closestMatch(name, known, { maxDistance: Math.max(2, Math.ceil(name.length / 2)) });
}
