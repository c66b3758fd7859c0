import type { ConfigFile } from "@flyte-agent/runtime";

/** What a configuration file may hold. */
export type Config = ConfigFile;

/** Gives the configuration back as it is; for the editor, which knows its type then (`flyte-agent.config.ts`). */
export function defineConfig(config: Config): Config {
  return config;
}
