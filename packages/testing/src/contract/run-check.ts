import { openBench } from "./contract-bench.ts";
import type { ContractCheck } from "./contract-check.ts";
import type { ContractSubject } from "./contract-subject.ts";

/**
 * Runs one check of `checksFor(subject)`.
 *
 * @throws Error that says how the agent broke the contract, or that it is of another kind than the subject says.
 */
export async function runCheck({ check }: ContractCheck, subject: ContractSubject, flyte: 1 | 2): Promise<void> {
  await using bench = await openBench(subject, flyte);
  const { kind, taskType } = bench.agent;
  if (kind !== subject.kind) {
    throw new Error(
      `the agent of task type "${taskType}" is ${kind}, but \`kind\` says ${subject.kind}: write ${kind}`,
    );
  }
  await check(bench);
}
