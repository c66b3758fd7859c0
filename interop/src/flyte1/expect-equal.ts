import { isDeepStrictEqual } from "node:util";

/** Throws, with both values on one line, if they differ. */
export function expectEqual<Value>(what: string, got: Value, expected: Value): void {
  if (isDeepStrictEqual(got, expected)) return;
  throw new Error(`${what}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
}
