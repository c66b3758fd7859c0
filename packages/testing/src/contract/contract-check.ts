import type { Agent } from "@flyte-agent/sdk";
import type { ContractBench } from "./contract-bench.ts";
import type { ContractSubject } from "./contract-subject.ts";

/** One clause of the contract. */
export interface ContractCheck {
  /** What the agent does, as the rest of a sentence that starts with it. */
  readonly name: string;
  /** The kinds of agents that it is for. */
  readonly kinds: readonly Agent["kind"][];
  /** Members of the subject without which there is nothing to check. */
  readonly needs?: readonly (keyof ContractSubject)[];
  /** Rejects if the agent breaks the contract. */
  check(bench: ContractBench): Promise<void>;
}
