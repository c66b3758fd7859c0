import { closestMatch } from "leven";

/**
 * Finds the known name that differs from another by no more than a typo: one letter of a short name, two of a longer.
 * Stricter than `nearestName`, since what it finds stops a start.
 */
export function closeName(name: string, known: readonly string[]): string | undefined {
  const exceptCase = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return exceptCase ?? closestMatch(name, known, { maxDistance: name.length < 6 ? 1 : 2 });
}
