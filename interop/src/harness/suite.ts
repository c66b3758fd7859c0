/** What a suite needs of the machine; where it is absent, each of its cases reads "not run", which fails in CI. */
export type Tool = "go" | "python3.11" | "chromium";

/** The generation of Flyte that a case is about; `"-"` where it is about neither. */
export type Generation = "1" | "2" | "1 and 2" | "-";

/** How a case ended. */
export type CaseResult =
  | { readonly kind: "passed" }
  /** It differs, on purpose: `reason` says where the reason stands. */
  | { readonly kind: "differs"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "not run"; readonly reason: string };

/** One row of the table. */
export interface CaseRow {
  /** Unique within the suite; `--only` matches `<suite>/<name>`. */
  readonly name: string;
  readonly generation: Generation;
  /** The peer and its version, for example `flytekit 1.16.31`. */
  readonly peer: string;
  readonly result: CaseResult;
}

/** What a suite gets from the command. */
export interface SuiteContext {
  /** Folder that outlives runs: virtual environments, Go programs, module and build caches. */
  readonly cacheFolder: string;
  /** Folder of this run and this suite: transcripts and logs, kept as evidence. */
  readonly evidenceFolder: string;
  /** Aborted by Ctrl-C and by the time limit of the run. */
  readonly signal: AbortSignal;
  /** Whether `--only` wants this case; a suite may skip the work of the others. */
  wants(name: string): boolean;
  /** Adds a row to the table, and prints it as progress. A second row of the same name is an error. */
  report(row: CaseRow): void;
  /** Prints a line of progress. */
  progress(text: string): void;
}

/** A group of cases with one set-up. It reports its rows itself and rejects only if it could not do its work. */
export interface Suite {
  readonly name: string;
  readonly needs: readonly Tool[];
  /**
   * Only of a slow suite, which CI leaves out unless its programs are built or `INTEROP_ALL=1` is set: tells whether they
   * are.
   */
  readonly isBuilt?: (cacheFolder: string) => boolean;
  run(context: SuiteContext): Promise<void>;
}
