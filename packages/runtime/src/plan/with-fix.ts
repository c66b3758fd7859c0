/** A problem and what to do about it, in one line. A problem that ends in a question mark keeps it as its full stop. */
export function withFix(problem: string, fix: string): string {
  return `${problem}${problem.endsWith("?") ? "" : "."} To fix it: ${fix}`;
}
