/** Where something stands in the configuration, and what it is. */
export type PlacedSetting<Value> = readonly [path: readonly string[], value: Value];

/**
 * Makes an object of settings, with objects in it where paths go on.
 *
 * @param section what becomes of the members of each object, by its path; that of the whole is empty.
 */
export function nestSettings<Value, Section>(
  settings: readonly PlacedSetting<Value>[],
  section: (members: Readonly<Record<string, Value | Section>>, path: readonly string[]) => Section,
  path: readonly string[] = [],
): Section {
  const names = [...new Set(settings.map(([[first = ""]]) => first))];
  const members = names.map((name): readonly [string, Value | Section] => {
    const inside = settings.filter(([[first]]) => first === name);
    const [own] = inside;
    if (own !== undefined && inside.length === 1 && own[0].length === 1) return [name, own[1]];
    const rest = inside.map(([[, ...deeper], value]): PlacedSetting<Value> => [deeper, value]);
    return [name, nestSettings(rest, section, [...path, name])];
  });
  return section(Object.fromEntries(members), path);
}
