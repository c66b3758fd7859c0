import type { RuntimeLog } from "../log/create-log.ts";

/** What the agents of a plugin need around them. */
export interface AgentSurroundings {
  readonly log: RuntimeLog;
  /** Where secrets and settings come from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Largest `resource_meta` in bytes. */
  readonly maxJobBytes: number;
}
