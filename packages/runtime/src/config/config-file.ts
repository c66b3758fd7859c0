import type { IsSection, SettableConfig } from "./setting-table.ts";

/** What a configuration file may hold; also the form that flags and environment variables are brought into. */
export interface ConfigFile extends Partially<SettableConfig> {
  /** For editors; the server does not look at it. */
  readonly $schema?: string | undefined;
}

/** The same settings, of which any may be left out. */
type Partially<Part> = {
  readonly [Key in keyof Part]?:
    | (IsSection<NonNullable<Part[Key]>> extends true ? Partially<NonNullable<Part[Key]>> : Part[Key])
    | undefined;
};
