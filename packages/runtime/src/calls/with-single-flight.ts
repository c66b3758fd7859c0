import { type AgentErrorCode, isAgentError } from "@flyte-agent/sdk";
import type { RuntimeLog } from "../log/create-log.ts";
import { type AgentCalls, type CreateAnswer, categoryKey, type StartCall } from "../seam/agent-calls.ts";
import { createAnswerMemory } from "./answer-memory.ts";

/** One call of an agent's create, and who waits for it. */
interface Flight {
  /** When the agent was told to be done, in milliseconds since 1970; infinite if it may take its time. */
  readonly deadlineMs: number;
  readonly answer: Promise<CreateAnswer>;
  readonly controller: AbortController;
  waiting: number;
}

/** How long the answers of creates are kept for repetitions, and how much of them. */
const kept = { keepMs: 300_000, maxBytes: 16 * 1024 * 1024 };

/**
 * Lets equal CreateTask calls of one attempt have one call of the agent: FlytePropeller repeats a create whose answer it
 * did not get, and under load also one whose answer it had. Those that come while the agent works share the call, also
 * when it outlives its first callers; those that come later get the answer, for five minutes or until the job is deleted. A
 * create that failed is not remembered.
 */
export function withSingleFlight(next: AgentCalls, log: RuntimeLog): AgentCalls {
  const flights = new Map<string, Flight>();
  const answers = createAnswerMemory(kept);
  const tasks = createTaskMemory();

  function start(key: string, call: StartCall<"create">): Flight {
    const controller = new AbortController();
    const answer = next
      .create(call, controller.signal)
      .then((created) => {
        answers.keep(key, created);
        return created;
      })
      .finally(() => flights.delete(key));
    const flight: Flight = { answer, controller, deadlineMs: deadlineOf(call), waiting: 0 };
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
      // It ended because those before had gone, or would have soon: that is no answer to one who still has time.
      const isTooEarly = flight.controller.signal.aborted || (deadlineOf(call) > flight.deadlineMs && isOfTime(reason));
      if (isTooEarly && !signal.aborted) return await share(key, call, signal);
      throw reason;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  return {
    ...next,
    async create(call, signal) {
      if (call.idempotencyKey === "") return await next.create(call, signal);
      if (tasks.isOther(call)) {
        log.warn("another task came for an attempt that has one; it is run, too", {
          task_type: call.category.name,
          call: call.callId,
          execution: call.executionId.slice(0, longestField),
        });
      }
      const key = `${categoryKey(call.category)} ${call.idempotencyKey}`;
      const known = answers.find(key);
      if (known === undefined) return await share(key, call, signal);
      log.info("the create of this attempt is repeated; answered with the job that there is", {
        task_type: call.category.name,
        call: call.callId,
        execution: call.executionId.slice(0, longestField),
      });
      return known;
    },
    async delete(call, signal) {
      answers.forget(call.job);
      await next.delete(call, signal);
    },
  };
}

function deadlineOf({ deadlineMs }: StartCall<"create">): number {
  return deadlineMs ?? Number.POSITIVE_INFINITY;
}

/** Errors that an agent, or the client of a vendor, may have ended with because time was up. */
const codesOfTime: ReadonlySet<AgentErrorCode> = new Set(["deadline_exceeded", "plugin_failed", "vendor_unavailable"]);

function isOfTime(reason: unknown): boolean {
  return isAgentError(reason) && codesOfTime.has(reason.code);
}

// The execution comes from the request: a hostile one must not fill the log.
const longestField = 300;

/** Which task came last for an attempt. */
interface TaskMemory {
  /** Tells whether another task came for the attempt before, and takes note of this one. */
  isOther(call: StartCall<"create">): boolean;
}

const rememberedAttempts = 1_000;

function createTaskMemory(): TaskMemory {
  const known = new Map<string, string>();
  return {
    isOther({ attemptKey, idempotencyKey }) {
      if (attemptKey === "") return false;
      const before = known.get(attemptKey);
      known.delete(attemptKey);
      known.set(attemptKey, idempotencyKey);
      const [oldest] = known.keys();
      if (known.size > rememberedAttempts && oldest !== undefined) known.delete(oldest);
      return before !== undefined && before !== idempotencyKey;
    },
  };
}
