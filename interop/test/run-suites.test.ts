import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type RunOptions, type RunResult, runSuites, type TableRow } from "../src/harness/run-suites.ts";
import type { CaseRow, Suite } from "../src/harness/suite.ts";

const row = (name: string, result: CaseRow["result"] = { kind: "passed" }): CaseRow => ({
  name,
  generation: "1",
  peer: "peer 1",
  result,
});

const inSuite = (suite: string, name: string): TableRow => ({ suite, ...row(name) });

const suiteOf = (name: string, run: Suite["run"], more: Partial<Suite> = {}): Suite => ({
  name,
  needs: [],
  run,
  ...more,
});

async function run(
  suites: readonly Suite[],
  options: Partial<RunOptions> = {},
): Promise<RunResult & { lines: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "interop-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const lines: string[] = [];
  const result = await runSuites({
    suites,
    only: undefined,
    known: [],
    cacheFolder: join(folder, "cache"),
    evidenceFolder: join(folder, "evidence"),
    signal: new AbortController().signal,
    leavesOutSlow: false,
    missingTool: () => undefined,
    print: (line) => lines.push(line),
    ...options,
  });
  return { ...result, lines };
}

test("rows are collected and printed as they come", async () => {
  const one = suiteOf("one", async ({ report, progress }) => {
    progress("starting the peer");
    report(row("a"));
    report(row("b", { kind: "differs", reason: "see differences.ts" }));
  });
  const two = suiteOf("two", async ({ report }) => report(row("c", { kind: "failed", reason: "no answer" })));
  const { rows, completed, lines } = await run([one, two]);
  expect(rows.map(({ suite, name, result }) => [suite, name, result.kind])).toEqual([
    ["one", "a", "passed"],
    ["one", "b", "differs"],
    ["two", "c", "failed"],
  ]);
  expect(completed).toEqual(["one", "two"]);
  expect(lines.map((line) => line.replace(/ \d+ s$/, " … s"))).toEqual([
    "one: starting the peer",
    "passed  one/a",
    "differs one/b: see differences.ts",
    "one: ended after … s",
    "failed  two/c: no answer",
    "two: ended after … s",
  ]);
});

test("--only skips suites of which no known case is wanted, and tells the others", async () => {
  const wanted: string[] = [];
  const one = suiteOf("one", async ({ wants, report }) => {
    for (const name of ["a", "b"]) if (wants(name)) report(row(name));
    wanted.push("one");
  });
  const two = suiteOf("two", () => Promise.reject(new Error("it must not run")));
  const known = [inSuite("one", "a"), inSuite("one", "b"), inSuite("two", "c")];
  const { rows } = await run([one, two], { only: /^one\/b/, known });
  expect(rows.map(({ name }) => name)).toEqual(["b"]);
  expect(wanted).toEqual(["one"]);
});

test("each known case of a suite whose tool is absent is not run, with the reason", async () => {
  const suite = suiteOf("go", () => Promise.reject(new Error("it must not run")), { needs: ["go"] });
  const missingTool = () => "there is no go";
  const { rows, completed } = await run([suite], { missingTool, known: [inSuite("go", "a"), inSuite("go", "b")] });
  const result = { kind: "not run", reason: "there is no go" };
  expect(rows).toEqual([
    { ...inSuite("go", "a"), result },
    { ...inSuite("go", "b"), result },
  ]);
  expect(completed).toEqual([]);
  const unknown = await run([suite], { missingTool });
  expect(unknown.rows).toMatchObject([{ suite: "go", name: "(all)", result }]);
});

test("a slow suite is left out where it is not built", async () => {
  const suite = suiteOf("slow", async ({ report }) => report(row("a")), { isBuilt: () => false });
  expect(await run([suite], { leavesOutSlow: true })).toMatchObject({ rows: [], leftOut: ["slow"] });
  expect(await run([suite])).toMatchObject({ rows: [{ name: "a" }], leftOut: [] });
  const built = { ...suite, isBuilt: () => true };
  expect(await run([built], { leavesOutSlow: true })).toMatchObject({ rows: [{ name: "a" }], leftOut: [] });
});

test("a suite that breaks off fails, with the known cases that it did not come to", async () => {
  const suite = suiteOf("one", async ({ report }) => {
    report(row("a"));
    throw new Error("the peer died");
  });
  const { rows, completed } = await run([suite], { known: [inSuite("one", "a"), inSuite("one", "b")] });
  expect(rows).toMatchObject([
    { name: "a", result: { kind: "passed" } },
    { name: "(set-up)", result: { kind: "failed", reason: "the peer died" } },
    { name: "b", result: { kind: "failed", reason: "the suite ended before it" } },
  ]);
  expect(completed).toEqual([]);
});

test("two rows of one name are an error", async () => {
  const suite = suiteOf("one", async ({ report }) => {
    report(row("a"));
    report(row("a"));
  });
  const { rows } = await run([suite]);
  expect(rows.at(-1)).toMatchObject({ result: { kind: "failed", reason: "two rows of one are called a" } });
});

test("a suite without a single row has failed", async () => {
  const { rows } = await run([suiteOf("one", async () => {})]);
  expect(rows).toMatchObject([{ suite: "one", result: { kind: "failed" } }]);
});

test("the time limit ends the suite that runs, heeding it or not, and those after it", async () => {
  const heeds = suiteOf("heeds", async ({ signal }) => void (await delay(60_000, undefined, { signal })));
  const ignores = suiteOf("ignores", () => new Promise(() => {}));
  for (const first of [heeds, ignores]) {
    const stop = new AbortController();
    const running = run([first, suiteOf("after", async ({ report }) => report(row("a")))], {
      signal: stop.signal,
      abortTimeoutMs: 10,
    });
    await delay(20);
    stop.abort(new Error("the time limit is over"));
    const { rows } = await running;
    expect(rows.map(({ suite, result }) => [suite, result.kind])).toEqual([
      [first.name, "failed"],
      ["after", "failed"],
    ]);
    expect(rows[1]?.result).toEqual({ kind: "failed", reason: "the time limit is over" });
  }
});

test("each suite has a folder of evidence, empty at its start", async () => {
  const folder = await mkdtemp(join(tmpdir(), "interop-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const suite = suiteOf("one", async ({ evidenceFolder, report }) => {
    await writeFile(join(evidenceFolder, "log"), "seen", { flag: "wx" });
    report(row("a"));
  });
  for (let count = 0; count < 2; count += 1) {
    const { rows } = await run([suite], { evidenceFolder: folder });
    expect(rows[0]?.result.kind).toBe("passed");
  }
  expect(await readFile(join(folder, "one/log"), "utf8")).toBe("seen");
});
