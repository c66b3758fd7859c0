import { Buffer } from "node:buffer";
import type { ContractBench } from "./contract-bench.ts";
import type { ContractCheck } from "./contract-check.ts";
import type { ContractJob } from "./contract-subject.ts";
import { taskRefusalOf } from "./task-refusal.ts";
import { violation } from "./violation.ts";

/** Largest `resource_meta` that the server allows by default. */
const maxJobBytes = 4096;

/** What `create` keeps to. */
export const createChecks: readonly ContractCheck[] = [
  {
    name: "starts one job per attempt, however often Flyte asks",
    kinds: ["async", "sensor"],
    async check(bench) {
      const first = await bench.create();
      // A server keeps its answers for a while; another one asks the agent.
      assertSame(bench, first, await bench.create({}, await bench.replica()), "a second create");
    },
  },
  {
    name: "starts one job per attempt if two servers are asked at once",
    kinds: ["async", "sensor"],
    async check(bench) {
      const other = await bench.replica();
      const [one, two] = await Promise.all([bench.create(), bench.create({}, other)]);
      assertSame(bench, one, two, "a create on another server");
    },
  },
  {
    name: "starts the next attempt after the first",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      const { server, task } = bench;
      const execution = { name: "retried", nodeId: "n0" };
      for (const attempt of [0, 1]) {
        const refusal = await taskRefusalOf(bench.start(server, task, { execution: { ...execution, attempt } }));
        if (refusal !== undefined) throw violation(`attempt ${attempt} was refused: ${refusal.text}`);
      }
    },
  },
  {
    name: "makes a job of at most 4 KiB",
    kinds: ["async", "sensor"],
    async check(bench) {
      const { value } = await bench.create();
      const { byteLength } = Buffer.from(JSON.stringify(value));
      if (byteLength <= maxJobBytes) return;
      throw violation(
        `the job is ${byteLength} bytes, at most ${maxJobBytes} are allowed: keep only what get and delete need`,
      );
    },
  },
];

function assertSame({ subject }: ContractBench, one: ContractJob, other: ContractJob, what: string): void {
  const same = subject.sameJob ?? haveEqualBytes;
  if (same(one, other)) return;
  throw violation(
    `${what} of the same attempt started another job (${textOf(one)}, then ${textOf(other)}): give context.idempotencyKey ` +
      "to the vendor, or say with `sameJob` that these are one",
  );
}

function haveEqualBytes(one: ContractJob, other: ContractJob): boolean {
  return Buffer.compare(one.bytes, other.bytes) === 0;
}

function textOf({ bytes }: ContractJob): string {
  return Buffer.from(bytes).toString("utf8").slice(0, 200);
}
