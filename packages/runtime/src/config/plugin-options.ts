import type { ResolvedConfig } from "./resolved-config.ts";

/** What the operator wrote under `config.<id>`; `undefined` for nothing. Ids may be names of Object's, too. */
export function pluginOptions({ config }: Pick<ResolvedConfig, "config">, id: string): unknown {
  return Object.hasOwn(config, id) ? config[id] : undefined;
}
