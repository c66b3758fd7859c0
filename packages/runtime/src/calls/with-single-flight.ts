import { type AgentCalls, type CreateAnswer, categoryKey, type StartCall } from "../host/agent-host.ts";

interface Flight {
  readonly answer: Promise<CreateAnswer>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Lets equal CreateTask calls of one attempt share one call of the agent. FlytePropeller repeats a create whose answer
 * it did not store (contract: at least once).
 */
export function withSingleFlight(next: AgentCalls): AgentCalls {
  const flights = new Map<string, Flight>();

  function start(key: string, call: StartCall<"create">): Flight {
    const controller = new AbortController();
    const answer = next.create(call, controller.signal).finally(() => flights.delete(key));
    const flight: Flight = { answer, controller, waiting: 0 };
    flights.set(key, flight);
    return flight;
  }

  return {
    ...next,
    async create(call, signal) {
      if (call.idempotencyKey === "") return await next.create(call, signal);
      const key = `${categoryKey(call.category)} ${call.idempotencyKey}`;
      const flight = flights.get(key) ?? start(key, call);
      flight.waiting += 1;
      // The shared work is given up when the last one who waits for it has gone.
      const leave = (): void => {
        flight.waiting -= 1;
        if (flight.waiting === 0) flight.controller.abort(signal.reason);
      };
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave, { once: true });
      try {
        return await orAborted(flight.answer, signal);
      } finally {
        signal.removeEventListener("abort", leave);
      }
    },
  };
}

function orAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
