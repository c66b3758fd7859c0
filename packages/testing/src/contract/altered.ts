/** A value of another kind than `value`, as somebody writes it who mixes things up. */
export function mistyped(value: unknown): unknown {
  return typeof value === "object" && value !== null ? 7 : [null];
}

/** An object without one of its keys. */
export function without(object: object, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
