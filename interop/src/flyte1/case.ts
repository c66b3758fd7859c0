import type { BigQueryShim } from "../../../plugins/bigquery/test/bigquery-shim/start-bigquery.ts";
import type { SuiteContext } from "../harness/suite.ts";
import type { BlobStore } from "./blob-store.ts";
import type { Deployment } from "./start-deployment.ts";
import type { Propeller } from "./start-propeller.ts";
import type { CompilableTask, Workflow } from "./start-workflow.ts";

/** A case of whole workflows. */
export interface Flyte1Case {
  readonly name: string;
  /** Fails by throwing. */
  run(flyte: Flyte1): Promise<void>;
}

/** What a case works with. */
export interface Flyte1 extends Pick<SuiteContext, "evidenceFolder" | "signal"> {
  readonly propeller: Propeller;
  readonly deployment: Deployment;
  readonly store: BlobStore;
  readonly bigquery: BigQueryShim;
  /** Name of the execution that `start` starts. */
  readonly execution: string;
  /** @param name of the execution, where a case has several; it begins with `execution`. */
  start(task: CompilableTask, name?: string): Promise<Workflow>;
  /** What became of the jobs of an execution, by default the one of the case at its deployment: see `readJobLog`. */
  jobs(execution?: string, deployment?: string): readonly string[];
}
