import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { ShimJob } from "../../../plugins/bigquery/test/bigquery-shim/shim-job.ts";
import type { BigQueryShim } from "../../../plugins/bigquery/test/bigquery-shim/start-bigquery.ts";
import type { CompilableTask } from "./start-workflow.ts";

const folder = new URL("../../../plugins/bigquery/test/fixtures/flytekit-1.16.31/", import.meta.url);

/** The tasks for BigQuery that flytekit wrote: see `interop/bigquery`. */
export function bigqueryFixtures(): readonly string[] {
  return readdirSync(folder).filter((name) => existsSync(new URL(`${name}/task-template.pb`, folder)));
}

/** Reads one of {@link bigqueryFixtures}. */
export async function readBigqueryFixture(name: string): Promise<CompilableTask> {
  const read = (file: string): Promise<Buffer> => readFile(new URL(`${name}/${file}`, folder));
  return { template: await read("task-template.pb"), inputs: await read("inputs.pb") };
}

/** The jobs of an execution. */
export function bigqueryJobs({ jobs }: BigQueryShim, execution: string): readonly ShimJob[] {
  const label = `"flyte-execution":"${execution}"`;
  return jobs.filter(({ configuration }) => JSON.stringify(configuration).includes(label));
}
