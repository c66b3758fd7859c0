import type { AgentClient, Outcome } from "./agent-client.ts";
import type { Facts } from "./facts.ts";

/** One question that is put to both servers. */
export interface TwinCase {
  readonly name: string;
  /** The only generation of Flyte that knows the call. @default both */
  readonly only?: "1" | "2";
  /** Set where one of the servers never answers, so that the deadline ends the call. */
  readonly isUnanswered?: boolean;
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

/** A case for each kind of error that the twins raise: scenario `raise OPERATION KIND`. */
export function forEachError(makeCase: (kind: string) => TwinCase): readonly TwinCase[] {
  const kinds = ["plain", "lines", "silent", "long", "user", "unavailable", "refused", "gone"];
  // What is no exception in Python, such as CancelledError, gets no answer.
  return [...kinds.map(makeCase), { ...makeCase("odd"), isUnanswered: true }];
}
