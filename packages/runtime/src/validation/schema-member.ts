/** Reads a part of a valibot schema (`entries`, `item`, …) whatever its kind; `undefined` if it has none. */
export function schemaMember(schema: unknown, name: string): unknown {
  // Reading a property of an object that is not null is safe; what is there is checked by the callers.
  return typeof schema === "object" && schema !== null ? (schema as Record<string, unknown>)[name] : undefined;
}

/** The schema inside of `optional` and the like. */
export function unwrappedSchema(schema: unknown): unknown {
  const wrapped = schemaMember(schema, "wrapped");
  return wrapped === undefined ? schema : unwrappedSchema(wrapped);
}
