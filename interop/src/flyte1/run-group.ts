import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startBigQuery } from "../../../plugins/bigquery/test/bigquery-shim/start-bigquery.ts";
import type { CaseResult, SuiteContext } from "../harness/suite.ts";
import { allAtMost } from "../propeller/all-at-most.ts";
import type { BlobStore, S3Address } from "./blob-store.ts";
import type { Flyte1Case } from "./case.ts";
import { readJobLog } from "./read-job-log.ts";
import type { Cluster } from "./start-cluster.ts";
import { startDeployment } from "./start-deployment.ts";
import { startPropeller } from "./start-propeller.ts";
import { startWorkflow } from "./start-workflow.ts";

/** Cases that share a propeller and a deployment of ours. */
export interface CaseGroup {
  /** Name of its namespace and deployment. */
  readonly name: string;
  readonly plugin: "agent" | "connector";
  readonly cases: readonly Flyte1Case[];
  readonly casesAtOnce: number;
  readonly store: BlobStore;
}

/** What all groups share. */
export interface GroupSetting {
  readonly context: SuiteContext;
  readonly cluster: Cluster;
  /** Path of the program in `interop/flyte1/propeller`. */
  readonly program: string;
  readonly storeFolder: string;
  readonly s3: S3Address;
  /** Port of the second deployment. */
  readonly canaryPort: number;
  /** As the table names it. */
  readonly peer: string;
}

/** How long a case may take, with all the others beside it. */
const caseTimeoutMs = 120_000;

/** Runs the cases of a group and reports them. */
export async function runGroup(
  { name: namespace, plugin, cases, casesAtOnce, store }: CaseGroup,
  { context, cluster, program, storeFolder, s3, canaryPort, peer }: GroupSetting,
): Promise<void> {
  const { evidenceFolder } = context;
  const { kubernetes, kubeconfigFile } = cluster;
  await kubernetes.request("POST", "/api/v1/namespaces", JSON.stringify({ metadata: { name: namespace } }));
  await using bigquery = await startBigQuery({ requiresTokens: true });
  bigquery.everyInsert({ runningPolls: 1, schema: [{ name: "whole", type: "INTEGER" }] });
  const keyFile = join(evidenceFolder, `key-${namespace}.json`);
  await writeFile(keyFile, JSON.stringify(bigquery.serviceAccountKey()));
  await using deployment = await startDeployment(
    {
      name: namespace,
      storeFolder,
      s3,
      plugins: ["scripted-agents", "canary-agents", "webhook", "sensor", "bigquery"],
      bigquery: { endpoint: bigquery.endpoint, keyFile },
    },
    context,
  );
  await using propeller = await startPropeller(
    {
      program,
      kubeconfigFile,
      namespace,
      plugin,
      port: deployment.port,
      deployments: { canary: canaryPort, stable: deployment.port },
      // Both serve both.
      deploymentForTaskTypes: { interop_canary: "canary", interop_stable: "stable" },
      store,
    },
    context,
  );

  await allAtMost(casesAtOnce, cases, async (flyte1Case) => {
    const execution = `${namespace}-${flyte1Case.name}`;
    const result = await resultOf(context.signal, (signal) =>
      flyte1Case.run({
        propeller,
        deployment,
        store,
        bigquery,
        execution,
        evidenceFolder,
        signal,
        start: (task, name = execution) =>
          startWorkflow({ ...task, name, namespace }, { compiler: program, kubernetes, evidenceFolder, signal }),
        jobs: (name = execution, ofDeployment = namespace) => readJobLog(ofDeployment, name, evidenceFolder),
      }),
    );
    context.report({ name: `${plugin}/${flyte1Case.name}`, generation: "1", peer, result });
  });
}

/** Passed, if it does what it does in time. Its signal ends what it leaves behind. */
async function resultOf(runSignal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<CaseResult> {
  const ending = new AbortController();
  const timeLimit = AbortSignal.timeout(caseTimeoutMs);
  try {
    await work(AbortSignal.any([runSignal, timeLimit, ending.signal]));
    return { kind: "passed" };
  } catch (reason) {
    runSignal.throwIfAborted();
    if (timeLimit.aborted) return { kind: "failed", reason: `it did not end within ${caseTimeoutMs / 1000} s` };
    return { kind: "failed", reason: reason instanceof Error ? reason.message : String(reason) };
  } finally {
    ending.abort();
  }
}
