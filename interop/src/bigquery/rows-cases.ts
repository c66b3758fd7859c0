import type { CaseResult } from "../harness/suite.ts";
import type { CaseContext } from "./case-context.ts";
import { liveThrough } from "./job-life.ts";

/** A query through our plugin whose rows are known. */
export interface RowsCase {
  readonly name: string;
  check(context: CaseContext): Promise<CaseResult>;
}

const lines = [record("bolt", "3", "1.0"), record("nut", "4", "0.25")];

/**
 * What each template's inputs are in SQL: the cells of the only row, as BigQuery writes them, in the order of the statement.
 * Floats and intervals are as the emulator writes them.
 */
const expectedCells: Readonly<Record<string, readonly unknown[]>> = {
  scalars: ["-9223372036854775808", "0.1", "true", 'it\'s "quoted" @whole, ünïcode 🙂\n', "2026-11-05T13:45:06.789012"],
  floats: ["2.0", "1e+300", "nan", "inf", "-inf"],
  "whole-numbers": ["9223372036854775807", "-9223372036854775808", "0"],
  texts: ["", "007"],
  datetimes: ["2026-01-01T00:00:00", "2025-12-31T23:30:00", "1969-07-20T20:17:40.000001"],
  dates: ["2026-02-28T00:00:00"],
  durations: ["0-0 0 36:0:0.000005", "0-0 0 -0:0:0.250000"],
  lists: [
    repeated("1", "2", "3"),
    repeated("1.0", "0.5"),
    repeated("true", "false"),
    repeated("a", "b"),
    repeated("2026-01-01T00:00:00"),
  ],
  "empty-lists": [[], []],
  dataclass: [record("9007199254740993", "true", null, repeated(...lines), repeated("1.0", "2.5"))],
  "list-of-dataclass": [repeated(...lines)],
  // A missing list is an empty one in BigQuery's rows.
  optional: [null, "5", null, []],
  union: ["seven"],
  "untyped-dict": ['{"depth":3,"nested":{"on":true,"off":null}}'],
  map: ['{"a":1,"b":2}'],
  // The moment is a TIMESTAMP, in microseconds.
  "config-parameters": ["1", repeated("x", "y"), "1767268800000000"],
};

/** What differs from SDK to SDK: flytekit writes an enum's value, flyte-sdk its name. */
const expectedOfSdk = {
  1: { enum: ["green"] },
  2: { enum: ["GREEN"], pydantic: [record("2.0", repeated("a"))] },
} as const satisfies Record<string, Readonly<Record<string, readonly unknown[]>>>;

/** One case for each template whose inputs BigQuery can be told. */
export function rowsCases(generation: "1" | "2"): readonly RowsCase[] {
  return Object.entries({ ...expectedCells, ...expectedOfSdk[generation] }).map(([fixture, cells]) => ({
    name: `rows/${fixture}`,
    async check({ ours, bigquery, newExecution, ...context }) {
      bigquery.everyInsert({});
      const task = { ...context.fixture(fixture), execution: newExecution() };
      const facts = await liveThrough(ours, bigquery, task, { polls: 1 });
      const wanted = JSON.stringify([record(...cells)]);
      if (facts.rows === wanted) return { kind: "passed" };
      return { kind: "failed", reason: `expected rows ${wanted}, got ${JSON.stringify(facts)}` };
    },
  }));
}

function record(...cells: readonly unknown[]): unknown {
  return { f: cells.map((v) => ({ v })) };
}

function repeated(...items: readonly unknown[]): unknown {
  return items.map((v) => ({ v }));
}
