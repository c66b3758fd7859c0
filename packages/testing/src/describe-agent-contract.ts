import { describe, it } from "vitest";
import { agentContract } from "./contract/agent-contract.ts";
import type { ContractSubject } from "./contract/contract-subject.ts";
import { runCheck } from "./contract/run-check.ts";

/**
 * Registers the tests that every plugin runs, in both generations of Flyte: one job per attempt, deletes that may be
 * repeated, jobs of other releases, bad tasks, outputs as declared, no secrets in the open, and so on.
 *
 * Tests for which the subject gives too little are skipped with the name of the missing member.
 */
export function describeAgentContract(subject: ContractSubject): void {
  describe.each(subject.generations ?? ([1, 2] as const))("the contract of agents in Flyte %i", (flyte) => {
    const { kind } = subject;
    for (const check of agentContract.filter(({ kinds }) => kind === undefined || kinds.includes(kind))) {
      it(check.name, async ({ skip }) => {
        const reason = await runCheck(check, subject, flyte);
        if (reason !== undefined) skip(reason);
      });
    }
  });
}
