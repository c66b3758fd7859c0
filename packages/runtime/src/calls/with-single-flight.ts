import { type AgentCalls, type CreateAnswer, categoryKey, type StartCall } from "../host/agent-host.ts";

/** One call of an agent's create, and who waits for it. */
interface Flight {
  readonly answer: Promise<CreateAnswer>;
  readonly controller: AbortController;
  waiting: number;
}

/** How long the answer of a create that nobody waited for any more is kept for its repetition. */
const keepUnheardMs = 300_000;

/**
 * Lets equal CreateTask calls of one attempt share one call of the agent: FlytePropeller repeats a create whose answer
 * it did not get (at least once). A create that outlives its callers goes on being shared, and its answer is kept for
 * five minutes if nobody heard it, so that a repetition after a missed deadline finds the job and starts no second one.
 */
export function withSingleFlight(next: AgentCalls): AgentCalls {
  const flights = new Map<string, Flight>();

  function start(key: string, call: StartCall<"create">): Flight {
    const controller = new AbortController();
    const end = (): void => void flights.delete(key);
    const answer = next.create(call, controller.signal).then(
      (created) => {
        if (flight.waiting > 0) end();
        else setTimeout(end, keepUnheardMs).unref();
        return created;
      },
      (reason: unknown) => {
        end();
        throw reason;
      },
    );
    const flight: Flight = { answer, controller, waiting: 0 };
    flights.set(key, flight);
    return flight;
  }

  async function share(key: string, call: StartCall<"create">, signal: AbortSignal): Promise<CreateAnswer> {
    const flight = flights.get(key) ?? start(key, call);
    flight.waiting += 1;
    // The agent is told to stop when the last one who waits has gone.
    const leave = (): void => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.controller.abort(signal.reason);
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    try {
      return await flight.answer;
    } catch (reason) {
      // It ended because those before had gone: that is no answer to one who is still there.
      if (flight.controller.signal.aborted && !signal.aborted) return await share(key, call, signal);
      throw reason;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  return {
    ...next,
    async create(call, signal) {
      if (call.idempotencyKey === "") return await next.create(call, signal);
      return await share(`${categoryKey(call.category)} ${call.idempotencyKey}`, call, signal);
    },
  };
}
