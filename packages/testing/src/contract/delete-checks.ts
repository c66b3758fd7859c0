import { Buffer } from "node:buffer";
import type { ContractBench } from "./contract-bench.ts";
import type { ContractCheck } from "./contract-check.ts";
import { assertNoCrash } from "./no-crash.ts";
import { assertForGood, refusalOf } from "./refusal.ts";
import { violation } from "./violation.ts";

/** `delete` is called for jobs of every kind; one that fails is repeated, in part for ever. */
export const deleteChecks: readonly ContractCheck[] = [
  {
    name: "deletes a job twice",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      const { bytes } = await bench.create();
      await deleted(bench, bytes, "a delete right after create");
      await deleted(bench, bytes, "a second delete");
    },
  },
  {
    name: "deletes a job that has ended",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      const job = await bench.create();
      await bench.untilEnded(job);
      await deleted(bench, job.bytes, "a delete after the end");
    },
  },
  {
    name: "deletes a job that the vendor does not know",
    kinds: ["async", "sensor"],
    needs: ["unknownJob"],
    async check(bench) {
      const { unknownJob = {} } = bench.subject;
      const job = typeof unknownJob === "function" ? await unknownJob() : unknownJob;
      await deleted(bench, Buffer.from(JSON.stringify(job)), "a delete of an unknown job");
    },
  },
  {
    name: "can be polled after delete",
    kinds: ["async", "sensor"],
    async check(bench) {
      const { bytes } = await bench.create();
      await bench.delete(bytes);
      const refusal = await refusalOf(bench.get(bytes));
      assertNoCrash(bench.server, "a deleted job");
      if (refusal !== undefined) assertForGood("get of a deleted job", refusal);
    },
  },
];

async function deleted(bench: ContractBench, job: Uint8Array, what: string): Promise<void> {
  const refusal = await refusalOf(bench.delete(job));
  if (refusal === undefined) return;
  throw violation(
    `${what} failed: ${refusal.rawMessage}. Throw jobNotFound where the vendor knows no such job`,
    refusal,
  );
}
