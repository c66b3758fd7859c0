/**
 * Gives the entries of an object schema no prototype. valibot looks unknown keys up with `in`, so that `constructor`
 * or `__proto__` would pass for known ones otherwise.
 */
export function knownEntries<Entries extends object>(entries: Entries): Entries {
  return Object.assign(Object.create(null), entries);
}
