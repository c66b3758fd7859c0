import { agentContract } from "./agent-contract.ts";
import type { ContractCheck } from "./contract-check.ts";
import type { ContractSubject } from "./contract-subject.ts";

/** The clauses that hold for the subject's kind of agent and for which it gives what they need. */
export function checksFor(subject: ContractSubject): readonly ContractCheck[] {
  return agentContract.filter(
    ({ kinds, needs = [] }) => kinds.includes(subject.kind) && needs.every((member) => subject[member] !== undefined),
  );
}
