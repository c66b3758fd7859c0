import type { AgentCalls } from "../seam/agent-calls.ts";

/** Where a plugin is in its life. */
export type HostState =
  /** Not imported yet. */
  | { readonly kind: "waiting" }
  /** Its module is being loaded and set up. */
  | { readonly kind: "importing"; readonly ready: Promise<void> }
  | { readonly kind: "ready"; readonly importMs: number }
  /** Could not be loaded, for a reason that a restart with the same files would not change. */
  | { readonly kind: "quarantined"; readonly reason: string; readonly fix: string }
  | { readonly kind: "stopped" };

/**
 * Runs the agents of one plugin, wherever that is. The services know agents only through it, so that the same plugin
 * can run in this thread, in a worker or in another process.
 */
export interface AgentHost extends AgentCalls {
  /** Where the plugin is in its life. */
  readonly state: HostState;
  /** Loads the plugin. Settles when it is ready or quarantined and never rejects; repeated calls share the work. */
  start(): Promise<void>;
  /** Lets the plugin close what it opened. */
  close(): Promise<void>;
}
