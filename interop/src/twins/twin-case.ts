import type { AgentClient, Outcome } from "./agent-client.ts";
import type { Facts } from "./facts.ts";

/** One question that is put to both servers. */
export interface TwinCase {
  readonly name: string;
  /** The only generation of Flyte that knows the call. @default both */
  readonly only?: "1" | "2";
  ask(client: AgentClient): Promise<Facts>;
}

/** A case of one call. */
export function oneCall(name: string, call: (client: AgentClient) => Promise<Outcome>): TwinCase {
  return { name, ask: async (client) => (await call(client)).facts };
}

/** A case that only one generation knows. */
export function onlyOf(only: "1" | "2", asked: TwinCase): TwinCase {
  return { ...asked, only };
}

/** The kinds of errors that the twins raise, in any operation: scenario `raise OPERATION KIND`. */
export const errorKinds = [
  "plain",
  "lines",
  "silent",
  "long",
  "user",
  "unavailable",
  "refused",
  "gone",
  "odd",
] as const;
