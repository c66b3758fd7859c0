import type { RuntimeLog } from "../log/create-log.ts";
import type { AgentCall, AgentCalls } from "../seam/agent-calls.ts";
import { aroundEach } from "../seam/around-each.ts";
import { decodePackedAnswer } from "./packed-answer.ts";

/** Answers as soon as the call's signal aborts, whether or not the agent listens to it. */
export function withCutOff(next: AgentCalls, log: RuntimeLog): AgentCalls {
  return aroundEach(next, (call, signal, run) => untilAborted(run, signal, (answer) => reportLate(call, answer, log)));
}

function untilAborted<Answer>(
  run: () => Promise<Answer>,
  signal: AbortSignal,
  onLate: (answer: Answer) => void,
): Promise<Answer> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const cut = (): void => reject(signal.reason);
  signal.addEventListener("abort", cut, { once: true });
  run().then(
    (answer) => {
      signal.removeEventListener("abort", cut);
      if (signal.aborted) onLate(answer);
      resolve(answer);
    },
    (reason) => {
      signal.removeEventListener("abort", cut);
      reject(reason);
    },
  );
  return promise;
}

// Only creates matter: a job may now run that Flyte does not know of.
function reportLate(call: AgentCall, answer: unknown, log: RuntimeLog): void {
  if (call.operation !== "create" || holdsItsAnswer(answer)) return;
  log.warn(
    "create ended after its caller had stopped waiting; unless Flyte repeats it, its job runs unknown to Flyte",
    {
      call: call.callId,
      task_type: call.category.name,
      execution: call.executionId,
    },
  );
}

// The job of a task that has ended already runs nowhere.
function holdsItsAnswer(answer: unknown): boolean {
  const job = typeof answer === "object" && answer !== null && "job" in answer ? answer.job : undefined;
  return job instanceof Uint8Array && decodePackedAnswer(job) !== undefined;
}
