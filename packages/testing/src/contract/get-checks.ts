import { isDeepStrictEqual } from "node:util";
import { isTerminal, type Phase, type Resource } from "@flyte-agent/sdk";
import { isPhase } from "@flyte-agent/sdk/host";
import type { TestResource } from "../test-host.ts";
import type { Replica } from "./contract-bench.ts";
import type { ContractCheck } from "./contract-check.ts";
import { assertReadable, refusalOf } from "./refusal.ts";
import { violation } from "./violation.ts";

/** What is answered about a job, and by a synchronous task. */
export const getChecks: readonly ContractCheck[] = [
  {
    name: "can be polled as soon as the job is created",
    kinds: ["async", "sensor"],
    async check(bench) {
      const { bytes } = await bench.create();
      const refusal = await refusalOf(bench.get(bytes));
      if (refusal !== undefined) throw violation(`the first get was refused: ${refusal.rawMessage}`, refusal);
      assertAnswers(bench.server);
    },
  },
  {
    name: "succeeds with the outputs that the task declares",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      assertSucceeded(await bench.run());
      assertAnswers(bench.server);
    },
  },
  {
    name: "answers an end, as nobody would poll",
    kinds: ["sync"],
    async check(bench) {
      await bench.run();
      for (const resource of answersOf(bench.server)) {
        if (isTerminal(resource.phase)) continue;
        throw violation(`do answered ${resource.phase}: answer succeeded, failed or retryableFailure`);
      }
    },
  },
  {
    name: "answers the same on a server that did not create the job",
    kinds: ["async", "sensor"],
    async check(bench) {
      const job = await bench.create();
      const expected = await bench.untilEnded(job);
      const other = await bench.replica();
      const refusal = await refusalOf(bench.get(job.bytes, other));
      if (refusal !== undefined) throw violation(`another server refused the job: ${refusal.rawMessage}`, refusal);
      const found = await bench.get(job.bytes, other);
      if (found.phase !== expected.phase) {
        // Only this server may know the declared types, and fails a task whose outputs are others.
        assertSucceeded(expected);
        throw violation(
          `the job is ${expected.phase}, but another server answers ${found.phase} ("${found.message}"): keep ` +
            "nothing about a job in memory, only in the job itself",
        );
      }
      if (!isDeepStrictEqual(found.outputs, expected.outputs)) {
        throw violation(
          "another server answers other outputs: with pythonJobs, and beyond 1 KiB of types, it does not know what is " +
            "declared, so say it where a value alone does not tell (int, float, …)",
        );
      }
    },
  },
  {
    name: "answers the phase that fits the vendor's state",
    kinds: ["async"],
    needs: ["states"],
    async check(bench) {
      for (const [expected, reach] of Object.entries(bench.subject.states ?? {})) {
        const job = await bench.create({ execution: { name: `in-${expected}` } });
        await reach(job);
        const { phase, message } = await bench.get(job.bytes);
        assertReadable(`phase ${phase}`, message);
        if (phase !== expected) throw violation(`expected ${expected}, got ${phase} ("${message}")`);
      }
      assertAnswers(bench.server);
    },
  },
];

function assertSucceeded({ phase, message }: TestResource): void {
  if (phase === "succeeded") return;
  throw violation(`the task was to succeed, but it is ${phase}: ${message}`);
}

/** Looks at what the agent itself answered: the server fixes or hides some of it, to keep Flyte from harm. */
function assertAnswers(replica: Replica): void {
  for (const call of replica.watched.ended) {
    if ("thrown" in call) {
      const text = call.thrown instanceof Error ? call.thrown.message : String(call.thrown);
      throw violation(`${call.operation} threw, though nothing is wrong with the vendor: ${text}`, call.thrown);
    }
  }
  for (const { phase, message = "", logLinks = [] } of answersOf(replica)) {
    if (message.length > maxMessageLength) {
      throw violation(`the message of phase ${phase} has ${message.length} characters, shown are ${maxMessageLength}`);
    }
    for (const { name, uri } of logLinks) {
      if (!URL.canParse(uri) || !/^https?:/.test(uri)) throw violation(`the log link "${name}" has no address: ${uri}`);
    }
  }
}

const maxMessageLength = 4096;

function answersOf({ watched }: Replica): readonly Resource[] {
  return watched.ended.flatMap((call) => {
    if (!("answer" in call) || !["get", "poke", "do"].includes(call.operation)) return [];
    const { answer } = call;
    if (typeof answer === "boolean") return [];
    if (!hasPhase(answer))
      throw violation(`${call.operation} answered ${JSON.stringify(answer)}, which is no resource`);
    // Made by one of the SDK's functions, or in plain JavaScript by somebody who wrote the same.
    return [answer as Resource];
  });
}

function hasPhase(answer: unknown): answer is { readonly phase: Phase } {
  return typeof answer === "object" && answer !== null && "phase" in answer && isPhase(answer.phase);
}
