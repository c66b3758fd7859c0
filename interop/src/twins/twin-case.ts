import type { AgentClient } from "./agent-client.ts";
import type { Facts } from "./facts.ts";

/** One question that is put to both servers. */
export interface TwinCase {
  readonly name: string;
  /** The generations of Flyte that know the call. @default both */
  readonly only?: "1" | "2";
  ask(client: AgentClient): Promise<Facts>;
}
