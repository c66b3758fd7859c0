import type { AgentCall, AgentCalls } from "../seam/agent-calls.ts";

/** What a layer does around a call of any kind: `run` makes the call. */
export type Around = <Answer>(call: AgentCall, signal: AbortSignal, run: () => Promise<Answer>) => Promise<Answer>;

/** Puts the same layer around each of the six operations. */
export function aroundEach(next: AgentCalls, around: Around): AgentCalls {
  return {
    create: (call, signal) => around(call, signal, () => next.create(call, signal)),
    do: (call, signal) => around(call, signal, () => next.do(call, signal)),
    get: (call, signal) => around(call, signal, () => next.get(call, signal)),
    delete: (call, signal) => around(call, signal, () => next.delete(call, signal)),
    metrics: (call, signal) => around(call, signal, () => next.metrics(call, signal)),
    logs: (call, signal) => around(call, signal, () => next.logs(call, signal)),
  };
}
