import * as v from "valibot";

/** `ErrorProto`: what BigQuery says of a failure. */
export interface JobError {
  readonly reason: string;
  readonly message: string;
  /** Which part of the job it is about, for example `query` or a table. */
  readonly location: string;
}

/** `TableReference`. */
export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** A point of a query's timeline (`QueryTimelineSample`). */
export interface TimelinePoint {
  /** Since the job started. */
  readonly elapsedMs: number;
  readonly totalSlotMs: number;
  readonly activeUnits: number;
  readonly pendingUnits: number;
  readonly completedUnits: number;
}

/** `JobStatistics` and its `query` part, as far as they are used; times are milliseconds since 1970. */
export interface JobStatistics {
  readonly creationTime?: number | undefined;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  readonly totalSlotMs?: number | undefined;
  /** Of a script: how many jobs it started. */
  readonly numChildJobs?: number | undefined;
  readonly query: {
    /** For example `SELECT`, `INSERT`, `CREATE_TABLE`, `SCRIPT`. */
    readonly statementType?: string | undefined;
    readonly totalBytesProcessed?: number | undefined;
    readonly totalBytesBilled?: number | undefined;
    readonly totalSlotMs?: number | undefined;
    readonly cacheHit?: boolean | undefined;
    readonly numDmlAffectedRows?: number | undefined;
    readonly timeline: readonly TimelinePoint[];
  };
}

/**
 * A job as `jobs.get` and `jobs.insert` answer it, as far as it is used.
 *
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job
 */
export interface JobResource {
  readonly jobReference: { readonly location?: string | undefined };
  readonly configuration: {
    readonly query: { readonly query: string; readonly destinationTable?: TableReference | undefined };
  };
  readonly status: {
    /** `PENDING`, `RUNNING` or `DONE`. */
    readonly state: string;
    /** Why the job failed; only in jobs that did. */
    readonly errorResult?: JobError | undefined;
    /** Everything that went wrong, also in jobs that go on or have succeeded. */
    readonly errors: readonly JobError[];
  };
  readonly statistics: JobStatistics;
}

/** Which parts of a job BigQuery is asked for: the plan of a query can be megabytes. */
export const jobFields: string = [
  "jobReference",
  "status",
  "configuration(query(query,destinationTable))",
  "statistics(creationTime,startTime,endTime,totalSlotMs,numChildJobs," +
    "query(statementType,totalBytesProcessed,totalBytesBilled,totalSlotMs,cacheHit,numDmlAffectedRows,timeline))",
].join(",");

// BigQuery writes 64-bit integers as text.
const int64 = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.finite());
const count = v.optional(int64, 0);
const text = v.optional(v.string(), "");
const error = v.object({ reason: text, message: text, location: text });

const schema: v.GenericSchema<unknown, JobResource> = v.object({
  jobReference: v.object({ location: v.optional(v.string()) }),
  configuration: v.optional(
    v.object({
      query: v.optional(
        v.object({
          query: text,
          destinationTable: v.optional(v.object({ projectId: v.string(), datasetId: v.string(), tableId: v.string() })),
        }),
        {},
      ),
    }),
    {},
  ),
  status: v.object({ state: v.string(), errorResult: v.optional(error), errors: v.optional(v.array(error), []) }),
  statistics: v.optional(
    v.object({
      creationTime: v.optional(int64),
      startTime: v.optional(int64),
      endTime: v.optional(int64),
      totalSlotMs: v.optional(int64),
      numChildJobs: v.optional(int64),
      query: v.optional(
        v.object({
          statementType: v.optional(v.string()),
          totalBytesProcessed: v.optional(int64),
          totalBytesBilled: v.optional(int64),
          totalSlotMs: v.optional(int64),
          cacheHit: v.optional(v.boolean()),
          numDmlAffectedRows: v.optional(int64),
          timeline: v.optional(
            v.array(
              v.object({
                elapsedMs: count,
                totalSlotMs: count,
                activeUnits: count,
                pendingUnits: count,
                completedUnits: count,
              }),
            ),
            [],
          ),
        }),
        {},
      ),
    }),
    {},
  ),
});

/** Reads a job; `undefined` if it is none. */
export function readJobResource(json: unknown): JobResource | undefined {
  const { success, output } = v.safeParse(schema, json);
  return success ? output : undefined;
}
