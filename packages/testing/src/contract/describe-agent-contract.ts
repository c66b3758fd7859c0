import { describe, it } from "vitest";
import { checksFor } from "./checks-for.ts";
import type { ContractSubject } from "./contract-subject.ts";
import { runCheck } from "./run-check.ts";

/**
 * Registers the tests that every plugin runs, in both generations of Flyte: one job per attempt, deletes that may be
 * repeated, jobs of other releases, bad tasks, outputs as declared, no secrets in the open, and so on.
 *
 * Tests that do not apply are not registered: those for other kinds of agents, and those for which the subject lacks a
 * member.
 *
 * @throws TypeError if the subject does not say of which kind the agent is.
 */
export function describeAgentContract(subject: ContractSubject): void {
  if (!kinds.includes(subject.kind)) {
    throw new TypeError(
      `describeAgentContract: \`kind\` is ${JSON.stringify(subject.kind)}, expected "async", "sync" or "sensor"`,
    );
  }
  describe.each(subject.generations ?? ([1, 2] as const))("the contract of agents in Flyte %i", (flyte) => {
    for (const check of checksFor(subject)) {
      it(check.name, () => runCheck(check, subject, flyte));
    }
  });
}

const kinds: readonly ContractSubject["kind"][] = ["async", "sync", "sensor"];
