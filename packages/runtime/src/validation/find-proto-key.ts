/**
 * Finds a key named `__proto__`, which no configuration or manifest needs and which changes objects that are copied
 * carelessly.
 *
 * @returns the path of the first one, or `undefined`.
 */
export function findProtoKey(value: unknown): readonly (string | number)[] | undefined {
  return findBelow(value, [], new Set());
}

function findBelow(
  value: unknown,
  path: readonly (string | number)[],
  seen: Set<object>,
): readonly (string | number)[] | undefined {
  // A configuration that is a program may export objects that contain themselves.
  if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
  seen.add(value);
  for (const key of Object.keys(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === "__proto__") return here;
    // `key` is an own key, and not the one that would reach the prototype.
    const found = findBelow((value as Record<string, unknown>)[key], here, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}
