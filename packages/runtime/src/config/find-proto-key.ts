/**
 * Finds a key named `__proto__`, which no configuration or manifest needs and which changes objects that are copied
 * carelessly.
 *
 * @returns the path of the first one, or `undefined`.
 */
export function findProtoKey(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly (string | number)[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of Object.keys(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === "__proto__") return here;
    // `key` is an own key, and not the one that would reach the prototype.
    const found = findProtoKey((value as Record<string, unknown>)[key], here);
    if (found !== undefined) return found;
  }
  return undefined;
}
