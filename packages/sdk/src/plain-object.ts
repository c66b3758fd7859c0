/**
 * Tells whether a value is an object that is only its members: made by a literal, `JSON.parse` or without prototype.
 * Class instances, arrays, Dates and Maps are not.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  // The prototype of a plain object has none itself, in every realm; objects without prototype may be prototypes too.
  return (
    prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "hasOwnProperty"))
  );
}
