import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CaseRow, Suite, Tool } from "./suite.ts";

/** A row of the table with the suite that it belongs to. */
export interface TableRow extends CaseRow {
  readonly suite: string;
}

/** What {@link runSuites} needs. */
export interface RunOptions {
  readonly suites: readonly Suite[];
  /** Matches `<suite>/<case>`; `undefined` wants all. */
  readonly only: RegExp | undefined;
  /** The rows that are known: they name the cases of a suite that does not run. */
  readonly known: readonly TableRow[];
  readonly cacheFolder: string;
  /** Each suite gets a folder in it, emptied before the suite starts. */
  readonly evidenceFolder: string;
  /** Ends the run; cases that did not run by then have failed. */
  readonly signal: AbortSignal;
  /** Whether slow suites run only if they are built. */
  readonly leavesOutSlow: boolean;
  /** Why a tool is absent; `undefined` where it is there. */
  readonly missingTool: (tool: Tool) => string | undefined;
  readonly print: (line: string) => void;
  /** How long a suite may take to end after the signal, in milliseconds. @default 20000 */
  readonly abortTimeoutMs?: number;
}

/** What came of a run. */
export interface RunResult {
  readonly rows: readonly TableRow[];
  /** Names of the suites that ran to their end. */
  readonly completed: readonly string[];
  /** Names of the slow suites that were left out. */
  readonly leftOut: readonly string[];
}

/** Runs the suites, one after the other. */
export async function runSuites(options: RunOptions): Promise<RunResult> {
  const rows: TableRow[] = [];
  const completed: string[] = [];
  const leftOut: string[] = [];
  for (const suite of options.suites) {
    const isWanted = (name: string): boolean => options.only?.test(`${suite.name}/${name}`) ?? true;
    const known = options.known.filter((row) => row.suite === suite.name);
    if (known.length > 0 && !known.some(({ name }) => isWanted(name))) continue;
    if (options.leavesOutSlow && suite.isBuilt?.(options.cacheFolder) === false) {
      leftOut.push(suite.name);
      continue;
    }
    const startMs = Date.now();
    const own: TableRow[] = [];
    const report = (row: CaseRow): void => {
      if (own.some(({ name }) => name === row.name))
        throw new Error(`two rows of ${suite.name} are called ${row.name}`);
      own.push({ suite: suite.name, ...row });
      options.print(progressLine(suite.name, row));
    };
    // A suite that cannot say what became of its cases: then each that is known and wanted gets the same result.
    const reportRest = (result: CaseRow["result"]): void => {
      const rest = known.filter(({ name }) => isWanted(name) && !own.some((row) => row.name === name));
      for (const { name, generation, peer } of rest) report({ name, generation, peer, result });
      if (own.length === 0) report({ name: "(all)", generation: "-", peer: "-", result });
    };
    const missing = suite.needs.map(options.missingTool).find((reason) => reason !== undefined);
    if (missing !== undefined) reportRest({ kind: "not run", reason: missing });
    else {
      try {
        await runSuite(suite, { ...options, isWanted, report });
        if (own.length === 0 && options.only === undefined) throw new Error("it reported no case");
        completed.push(suite.name);
      } catch (reason) {
        const text = reason instanceof Error ? reason.message : String(reason);
        const result = { kind: "failed", reason: text } as const;
        if (own.some((row) => row.result.kind === "failed")) options.print(`${suite.name}: ${text}`);
        else report({ name: "(set-up)", generation: "-", peer: "-", result });
        reportRest({ kind: "failed", reason: "the suite ended before it" });
      }
    }
    rows.push(...own);
    options.print(`${suite.name}: ended after ${Math.round((Date.now() - startMs) / 1000)} s`);
  }
  return { rows, completed, leftOut };
}

async function runSuite(
  suite: Suite,
  options: RunOptions & { readonly isWanted: (name: string) => boolean; readonly report: (row: CaseRow) => void },
): Promise<void> {
  const { cacheFolder, signal, print, isWanted, report, abortTimeoutMs = 20_000 } = options;
  signal.throwIfAborted();
  const evidenceFolder = join(options.evidenceFolder, suite.name);
  await rm(evidenceFolder, { recursive: true, force: true });
  await mkdir(evidenceFolder, { recursive: true });
  const stopped = Promise.withResolvers<never>();
  const onAbort = (): void => {
    // Unreferenced, or it would hold up the process of a run that ended in time.
    void delay(abortTimeoutMs, undefined, { ref: false }).then(() => stopped.reject(signal.reason));
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const run = suite.run({
      cacheFolder,
      evidenceFolder,
      signal,
      wants: isWanted,
      report,
      progress: (text) => print(`${suite.name}: ${text}`),
    });
    await Promise.race([run, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  signal.throwIfAborted();
}

function progressLine(suite: string, { name, result }: CaseRow): string {
  const reason = result.kind === "passed" ? "" : `: ${result.reason}`;
  return `${result.kind.padEnd(7)} ${suite}/${name}${reason}`;
}
