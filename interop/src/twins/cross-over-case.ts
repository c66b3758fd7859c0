import type { AgentClient } from "./agent-client.ts";
import type { Facts } from "./facts.ts";
import type { Servers } from "./start-servers.ts";

/** A question in which both servers take part, or whose answers need more than the calls. */
export interface CrossOverCase {
  readonly name: string;
  readonly only?: "1" | "2";
  /** See `TwinCase`. */
  readonly isUnanswered?: boolean;
  /** @returns what is compared. For a job that changes servers, `theirs` is what happens where it stays with theirs. */
  ask(clients: Clients, servers: Servers): Promise<{ readonly theirs: Facts; readonly ours: Facts }>;
}

/** Both servers of a suite. */
export interface Clients {
  readonly theirs: AgentClient;
  readonly ours: AgentClient;
}
