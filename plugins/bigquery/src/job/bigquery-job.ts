import * as v from "valibot";
import { isLocation, isProjectId } from "../options/options.ts";
import { isRefusedJobId } from "./refused-job.ts";

/**
 * What Flyte keeps of a query. The keys are those of the Python connectors, so that a running query can go from one of
 * them to this server and back; both refuse jobs with any other key.
 */
export interface BigQueryJob {
  /** BigQuery's id of the job, or what {@link isRefusedJobId} knows. */
  readonly job_id: string;
  readonly project: string;
  /** Where the job runs, for example `EU`; flyteplugins and flytekit write null for tasks that name no location. */
  readonly location: string | null;
  /** In jobs of Flyte 2, and only there. */
  readonly user_agent?: string;
}

// Both ids become parts of addresses.
const jobId = v.pipe(
  v.string(),
  v.check((id) => /^[\w-]{1,1024}$/.test(id) || isRefusedJobId(id), "expected the id of a job"),
);

/** Reads a job back. Keys that a newer release may have added are dropped. */
export const bigQueryJob: v.GenericSchema<unknown, BigQueryJob> = v.object({
  job_id: jobId,
  project: v.pipe(v.string(), v.check(isProjectId, "expected the id of a project")),
  location: v.optional(v.nullable(v.pipe(v.string(), v.check(isLocation, "expected a location"))), null),
  user_agent: v.exactOptional(v.string()),
});
