import {
  backendFault,
  type Fault,
  rateLimitFault,
  type ShimCall,
  unauthorized,
} from "../../../plugins/bigquery/test/bigquery-shim/fault.ts";
import type { JobScript } from "../../../plugins/bigquery/test/bigquery-shim/job-script.ts";
import type { JobLife } from "./job-life.ts";
import type { QueryFixture } from "./query-fixture.ts";

/** A job that both servers are given, one after the other. */
export interface LifeCase extends JobLife {
  readonly name: string;
  /** Name of the fixture with template and inputs. */
  readonly fixture: string;
  readonly script?: JobScript;
  /** What goes wrong, for each server anew. */
  readonly faults?: readonly { readonly call: ShimCall; readonly fault: Fault; readonly times?: number }[];
  /** Email of the account whose key Flyte sends with each call of this task. @default no key is sent */
  readonly account?: string;
  /** Our server is one whose operator has QueryJobConfigs ignored. @default false */
  readonly ignoresConfig?: boolean;
  /** Leaves a Python connector busy or blocked, so that it gets one of its own. @default false */
  readonly isBlocking?: boolean;
}

/** Each template and input that the real `BigQueryTask` writes, run by the emulator. */
export function queryCases(fixtures: readonly QueryFixture[]): readonly LifeCase[] {
  return fixtures.map(({ name }) => ({ name: `query/${name}`, fixture: name }));
}

const gone = { status: 404, reason: "notFound", message: "Not found: Job acme-dw:EU.gone" };

const warning = { reason: "invalid", message: "Location EU is deprecated" };

/** Reasons of BigQuery's own, with what it says. */
const failures = {
  backendError: "Error encountered during execution. Retrying may solve the problem.",
  bytesBilledLimitExceeded: "Query exceeded limit for bytes billed: 1000. 10485760 or higher required.",
  invalidQuery: "Division by zero: 1 / 0; error in SELECT expression at [1:8]",
  jobInternalError: "An internal error occurred during execution.",
  quotaExceeded: "Quota exceeded: too many queued jobs",
  resourcesExceeded: "Resources exceeded during query execution: the query used too much memory",
  stopped: "Job execution was cancelled: User requested cancellation",
};

/** The one deliberate difference, switched off. */
export const configCases: readonly LifeCase[] = ["job-config", "config-parameters"].map((fixture) => ({
  name: `config ignored/${fixture}`,
  fixture,
  ignoresConfig: true,
}));

/** What Flyte sends more than once, or beside the task. */
export function createCases(generation: "1" | "2"): readonly LifeCase[] {
  const account = "author@acme-dw.iam.gserviceaccount.com";
  const atOnce: LifeCase = { name: "create/ten at once", fixture: "no-inputs", creates: 10 };
  return generation === "1" ? [atOnce] : [atOnce, { name: "create/with a key of its own", fixture: "secret", account }];
}

/** What may become of a job, in states, errors and places that an emulator does not have. */
export const stateCases: readonly LifeCase[] = [
  { name: "state/all in turn", fixture: "no-inputs", script: { pendingPolls: 1, runningPolls: 1 }, polls: 4 },
  { name: "state/deleted while running", fixture: "no-inputs", script: { runningPolls: 5 }, isPolledAfterDelete: true },
  {
    name: "state/gone",
    fixture: "no-inputs",
    faults: (["get", "cancel"] as const).map((call) => ({ call, fault: { kind: "error", error: gone } })),
  },
  {
    name: "state/warning while running",
    fixture: "no-inputs",
    script: { runningPolls: 1, warnings: [warning] },
    polls: 3,
  },
  { name: "state/warning in the end", fixture: "no-inputs", script: { warnings: [warning] } },
  ...Object.entries(failures).map(([reason, message]) => ({
    name: `state/failed: ${reason}`,
    fixture: "no-inputs",
    script: { error: { reason, message } },
  })),
  {
    name: "state/unknown error reason",
    fixture: "no-inputs",
    script: { error: { reason: "newReason", message: "New." } },
  },
  {
    name: "state/own table",
    fixture: "no-inputs",
    script: { destination: { projectId: "acme-dw", datasetId: "shop", tableId: "t" } },
  },
  { name: "state/script", fixture: "no-inputs", script: { statementType: "SCRIPT" } },
  { name: "place/found by BigQuery, in a multi-region", fixture: "without-location", script: { location: "EU" } },
  { name: "place/found by BigQuery, in a region", fixture: "without-location", script: { location: "europe-west1" } },
  {
    name: "refused/access",
    fixture: "no-inputs",
    script: {
      refusal: { status: 403, reason: "accessDenied", message: "Access Denied: Project acme-dw: bigquery.jobs.create" },
    },
  },
];

/** What a poll may take where Python's connectors do not answer: near FlytePropeller's ten seconds. */
const timeoutMs = 15_000;

/** What goes wrong on the way to BigQuery. */
export const faultCases: readonly LifeCase[] = [
  { name: "fault/insert: 503 once", fixture: "no-inputs", faults: [{ call: "insert", fault: backendFault(503) }] },
  {
    name: "fault/insert: the answer is lost",
    fixture: "no-inputs",
    faults: [{ call: "insert", fault: { kind: "cut", isDone: true } }],
  },
  { name: "fault/get: 503 once", fixture: "no-inputs", faults: [{ call: "get", fault: backendFault(503) }] },
  {
    name: "fault/get: 502 of a proxy, once",
    fixture: "no-inputs",
    faults: [{ call: "get", fault: { kind: "page", status: 502 } }],
  },
  { name: "fault/get: rate limit once", fixture: "no-inputs", faults: [{ call: "get", fault: rateLimitFault() }] },
  { name: "fault/get: cut once", fixture: "no-inputs", faults: [{ call: "get", fault: { kind: "cut" } }] },
  {
    name: "fault/get: 401 once",
    fixture: "no-inputs",
    faults: [{ call: "get", fault: { kind: "error", error: unauthorized } }],
  },
  {
    name: "fault/get: 500 for ever",
    fixture: "no-inputs",
    faults: [{ call: "get", fault: backendFault(500), times: 1000 }],
    timeoutMs,
    isBlocking: true,
  },
  {
    name: "fault/get: no answer",
    fixture: "no-inputs",
    faults: [{ call: "get", fault: { kind: "hang" }, times: 10 }],
    timeoutMs,
    isBlocking: true,
  },
];
