/**
 * Tells whether an object has no members but its own, as the objects of inputs do. In these, what marks the objects of a
 * library (`$typeName`, `toJSON`) is a key that a user wrote.
 */
export function inheritsNothing(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || !("hasOwnProperty" in prototype);
}
