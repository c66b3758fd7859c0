import type { GoogleError } from "./google-error.ts";

/** BigQuery's `ErrorProto`. */
export interface ErrorProto {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}

/** BigQuery's `TableReference`. */
export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** BigQuery's `TableFieldSchema`, as much of it as a query result has. */
export interface TableField {
  readonly name: string;
  readonly type: string;
  readonly mode?: "NULLABLE" | "REQUIRED" | "REPEATED";
  readonly fields?: readonly TableField[];
}

export type JobState = "PENDING" | "RUNNING" | "DONE";

/** What becomes of one job. All that is left out is what BigQuery does with a query that succeeds at once. */
export interface JobScript {
  /** Refuses the request: there is no job, unless `isKept`. */
  readonly refusal?: GoogleError & {
    /** The refused job can be read afterwards, DONE with the refusal as its `errorResult`. Default false. */
    readonly isKept?: boolean;
  };
  /** Where the job runs if the request names no location. Default: the shim's `defaultLocation`. */
  readonly location?: string;
  /** How many polls answer PENDING; the answer to the insert is of the same state and counts as none. Default 0. */
  readonly pendingPolls?: number;
  /** How many polls answer RUNNING after that. Default 0. */
  readonly runningPolls?: number;
  /** The job stays where it is until the test moves it. Default false. */
  readonly isHeld?: boolean;
  /** The job ends with this as its `errorResult`. */
  readonly error?: ErrorProto;
  /** Further entries of `status.errors`, which a job has in every state and also if it succeeds. */
  readonly warnings?: readonly ErrorProto[];
  /** Default: what the first word of the statement says. */
  readonly statementType?: string;
  /** Default: the one of the request; else an anonymous table for SELECT and none for anything else. */
  readonly destination?: TableReference | "none";
  readonly schema?: readonly TableField[];
  /** Rows of cells as BigQuery writes them: text, null, `{ f: [{ v }] }` for records, `[{ v }]` for repeated fields. */
  readonly rows?: readonly (readonly unknown[])[];
  /** Above the request's `maximumBytesBilled` the job fails with `bytesBilledLimitExceeded`. Default 0. */
  readonly totalBytesBilled?: number;
  /** Default 0. */
  readonly totalSlotMs?: number;
  /** Default false. */
  readonly cacheHit?: boolean;
  readonly numDmlAffectedRows?: number;
  readonly ddlTargetTable?: TableReference;
  /** Merged over `statistics.query`. */
  readonly queryStatistics?: Readonly<Record<string, unknown>>;
}
