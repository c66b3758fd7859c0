import { callChecks } from "./call-checks.ts";
import type { ContractCheck } from "./contract-check.ts";
import { createChecks } from "./create-checks.ts";
import { deleteChecks } from "./delete-checks.ts";
import { getChecks } from "./get-checks.ts";
import { jobChecks } from "./job-checks.ts";
import { secretChecks } from "./secret-checks.ts";
import { taskChecks } from "./task-checks.ts";

/** Everything that Flyte and the server expect of an agent, whichever vendor it is for. */
export const agentContract: readonly ContractCheck[] = [
  ...createChecks,
  ...getChecks,
  ...deleteChecks,
  ...jobChecks,
  ...taskChecks,
  ...secretChecks,
  ...callChecks,
];
