import { nestSettings, type PlacedSetting } from "./nest-settings.ts";
import { type SettableConfig, settingRows } from "./setting-table.ts";

/** The values of everything that nobody set. */
export const defaultConfig: SettableConfig = nestSettings(
  settingRows.map(([path, row]): PlacedSetting<unknown> => [path, row.default]),
  // Certificates are there as a whole or not at all.
  (members): unknown => (Object.values(members).every((value) => value === undefined) ? undefined : members),
) as SettableConfig; // each row's default is of the type that its path has there
