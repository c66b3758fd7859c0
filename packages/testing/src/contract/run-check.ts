import { openBench } from "./contract-bench.ts";
import type { ContractCheck } from "./contract-check.ts";
import type { ContractSubject } from "./contract-subject.ts";

/**
 * Runs one check.
 *
 * @returns why there is nothing to check, `undefined` if the agent kept the contract.
 * @throws Error that says how it was broken.
 */
export async function runCheck(
  { kinds, needs = [], check }: ContractCheck,
  subject: ContractSubject,
  flyte: 1 | 2,
): Promise<string | undefined> {
  const missing = needs.filter((member) => subject[member] === undefined);
  if (missing.length > 0) return `needs ${missing.join(", ")}`;
  await using bench = await openBench(subject, flyte);
  if (!kinds.includes(bench.agent.kind)) return `not for ${bench.agent.kind} agents`;
  await check(bench);
  return undefined;
}
