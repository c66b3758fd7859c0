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
  /** Closes what it opened; what its setup still opens, too. */
  | { readonly kind: "stopping"; readonly stopped: Promise<void> }
  | { readonly kind: "stopped" };

/**
 * Runs the agents of one plugin, wherever that is. The services know agents only through it, so that the same plugin
 * can run in this thread, in a worker or in another process.
 */
export interface AgentHost extends AgentCalls {
  /** Where the plugin is in its life. */
  readonly state: HostState;
  /**
   * Loads the plugin. Settles when it is ready, quarantined or stopped and never rejects; repeated calls share the work.
   * Does nothing after `close`.
   */
  start(): Promise<void>;
  /**
   * Lets the plugin close what it opened, and waits for that, but not for ever. Nothing is imported or set up
   * afterwards; a setup that is under way is told by its signal, and what it opens is closed when it has ended.
   */
  close(): Promise<void>;
}
