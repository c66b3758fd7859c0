import type { InputsConfig } from "../config/resolved-config.ts";
import type { RuntimeLog } from "../log/create-log.ts";
import type { KnownSecrets } from "../secrets/known-secrets.ts";

/** What the agents of a plugin need around them. */
export interface AgentSurroundings {
  readonly log: RuntimeLog;
  /** Where secrets and settings come from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes note of the secrets that are found there. */
  readonly knownSecrets: KnownSecrets;
  /** Bounds on the inputs, and from where offloaded ones may be read. */
  readonly inputs: InputsConfig;
  /** Time for reading one offloaded input, in milliseconds. @default 30_000 */
  readonly storeTimeoutMs?: number;
  /** Largest `resource_meta` in bytes. */
  readonly maxJobBytes: number;
}
