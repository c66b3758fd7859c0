import { Buffer } from "node:buffer";
import { isTerminal } from "@flyte-agent/sdk";
import { mistyped, without } from "./altered.ts";
import type { ContractBench } from "./contract-bench.ts";
import type { ContractCheck } from "./contract-check.ts";
import { assertNoCrash } from "./no-crash.ts";
import { assertForGood, assertInvalid, refusalOf } from "./refusal.ts";
import { violation } from "./violation.ts";

/** How jobs are read back: those of other releases, and things that are no jobs. */
export const jobChecks: readonly ContractCheck[] = [
  {
    name: "reads jobs with keys that a newer release may have added",
    kinds: ["async", "sensor"],
    async check(bench) {
      const { value } = await bench.create();
      const newer = encode({ ...value, added_by_a_newer_release: { nested: [1, "two"] } });
      const refusal = await refusalOf(bench.get(newer));
      if (refusal !== undefined) {
        throw violation(`a job with one more key was refused (${refusal.rawMessage}): ignore unknown keys`, refusal);
      }
      const { phase, message } = await bench.get(newer);
      const expected = await bench.get(encode(value));
      if (phase === "failed" && expected.phase !== "failed") {
        throw violation(`a job with one more key failed (${message}): ignore unknown keys`);
      }
      await bench.delete(newer);
    },
  },
  {
    name: "refuses to poll what is no job of its own",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      for (const [what, bytes] of noJobs(await bench.create())) {
        assertInvalid(`get of ${what}`, await refusalOf(bench.get(bytes)));
      }
      // Of an object without the keys of a job an agent may also say that there is no such job.
      const refusal = await refusalOf(bench.get(foreignJob));
      if (refusal !== undefined) assertInvalid("get of another agent's job", refusal);
      else {
        const { phase } = await bench.get(foreignJob);
        assertNoCrash(bench.server, "another agent's job");
        if (!isTerminal(phase)) throw violation(`get of another agent's job was answered with phase "${phase}"`);
      }
    },
  },
  {
    name: "deletes what is no job of its own, or refuses it for good",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      for (const [what, bytes] of [...noJobs(await bench.create()), ["another agent's job", foreignJob] as const]) {
        const refusal = await refusalOf(bench.delete(bytes));
        if (refusal !== undefined) assertForGood(`delete of ${what}`, refusal);
      }
    },
  },
  {
    name: "does not stumble over jobs with missing or mistyped keys",
    kinds: ["async", "sensor"],
    async check(bench) {
      const { value } = await bench.create();
      for (const key of Object.keys(value)) {
        await tryJob(bench, without(value, key), `a job without ${key}`);
        await tryJob(bench, { ...value, [key]: mistyped(value[key]) }, `a job whose ${key} is mistyped`);
      }
    },
  },
];

async function tryJob(bench: ContractBench, job: object, what: string): Promise<void> {
  const refusal = await refusalOf(bench.get(encode(job)));
  assertNoCrash(bench.server, what);
  if (refusal !== undefined) assertForGood(`get of ${what}`, refusal);
}

/** Things that can be sent as `resource_meta`, none of which is a job. */
function noJobs({ bytes }: { readonly bytes: Uint8Array }): readonly (readonly [string, Uint8Array])[] {
  return [
    ["no bytes", new Uint8Array()],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe, 0x00, 0x7b)],
    ["text that is no JSON", Buffer.from("garbage")],
    ["a list", Buffer.from("[1,2]")],
    ["null", Buffer.from("null")],
    ["a job that was cut off", bytes.subarray(0, -1)],
    ["a pickled job", Buffer.from("\x80\x05\x95\x0c\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x02id\x94K\x01s.", "latin1")],
    ["a job that is too large", encode({ a: "x".repeat(largestReadBytes) })],
  ];
}

/** No server reads a larger job. */
const largestReadBytes = 1024 * 1024;

const foreignJob: Uint8Array = encode({ of_another_agent: true });

function encode(job: object): Uint8Array {
  return Buffer.from(JSON.stringify(job));
}
