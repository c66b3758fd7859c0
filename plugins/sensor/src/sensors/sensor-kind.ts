import type { JsonObject } from "@flyte-agent/sdk";

/**
 * The twin of one Python sensor class: reads a task's inputs, which are the parameters of the class's `poke`.
 *
 * It is called with the values of a new task and, at every poll, with those of the job that Flyte brings back.
 *
 * @throws AgentError `invalid_input` if this can never be waited for.
 */
export type SensorKind = (inputs: Readonly<Record<string, unknown>>) => Watch | Unserved;

/** What a task waits for where this server does not look, and another one may: it can be no reason to end its task. */
export interface Unserved {
  /** What is waited for, as a reader writes it. */
  readonly subject: string;
  /** Why a task that is new is refused. */
  readonly refusal: Error;
}

/** What one task waits for. */
export interface Watch {
  /** What is waited for, as a reader writes it: `s3://bucket/key`. */
  readonly subject: string;
  /** The inputs as they go into the job. */
  readonly inputs: JsonObject;
  /**
   * Looks once, and answers at once.
   *
   * @throws AgentError `vendor_unavailable` if it could not look just now, `vendor_misconfigured` if it is not let look.
   */
  look(signal: AbortSignal): Promise<Sighting>;
}

/** What a look showed. */
export interface Sighting {
  readonly there: boolean;
  /** What is odd about its absence, for example that its bucket does not exist. */
  readonly note?: string;
}
