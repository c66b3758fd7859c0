import * as v from "valibot";
import { knownEntries } from "../validation/known-entries.ts";
import type { ConfigFile } from "./config-file.ts";
import { nestSettings, type PlacedSetting } from "./nest-settings.ts";
import { settingRows } from "./setting-table.ts";

/** Schema of a configuration file. The message of each issue says what was expected. */
export const configFileSchema: v.GenericSchema<unknown, ConfigFile> = nestSettings(
  settingRows.map(([path, { schema }]): PlacedSetting<v.GenericSchema> => [path, schema]),
  sectionSchema,
) as v.GenericSchema<unknown, ConfigFile>; // its members are those of the table, of which ConfigFile is made, too

function sectionSchema(members: Readonly<Record<string, v.GenericSchema>>, path: readonly string[]): v.GenericSchema {
  const entries = Object.entries(members).map(([name, schema]) => [name, v.optional(schema)] as const);
  const names = Object.keys(members);
  const keys = `${names.length === 1 ? "key" : "keys"} ${names.join(" and ")}`;
  return v.strictObject(
    knownEntries(Object.fromEntries(entries)),
    path.length < 2 ? "an object" : `an object with the ${keys}`,
  );
}
