import type { ManifestSource } from "./declared-manifest.ts";

/** What a plugin is served with. */
export interface TestHostOptions extends ManifestSource {
  /** What the operator writes under `config.<id>`. */
  readonly options?: object;
  /** By name. The server has them in its environment (`_FSEC_<NAME>`); Flyte 2 sends them with each call besides. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Flyte 2's `Connection.configs`. */
  readonly configs?: Readonly<Record<string, string>>;
}
