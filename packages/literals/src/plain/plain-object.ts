/**
 * Tells whether a value is an object that is only its members: made by a literal, `JSON.parse` or without prototype.
 * Class instances, arrays, Dates and Maps are not.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  // The prototype of a plain object has none itself, in every realm and in every copy of the SDK. That of a class that
  // extends null has a constructor.
  return Object.getPrototypeOf(prototype) === null && !isClassPrototype(prototype);
}

function isClassPrototype(prototype: object): boolean {
  return Object.hasOwn(prototype, "constructor") && !Object.hasOwn(prototype, "hasOwnProperty");
}
