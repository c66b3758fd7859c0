import {
  aborted,
  directory,
  duration,
  type FlyteOutput,
  failed,
  file,
  float,
  initializing,
  instant,
  int,
  type JsonObject,
  queued,
  type Resource,
  retryableFailure,
  running,
  structuredDataset,
  succeeded,
  waitingForResources,
  writtenToOutputPrefix,
} from "@flyte-agent/sdk";

const customInfo: JsonObject = {
  rows: 12,
  ratio: 0.5,
  name: "Größe 💥",
  nothing: null,
  nested: { list: [1, "two", false, null, [], {}], empty: {} },
};

const console = { uri: "https://vendor.example/jobs/1", name: "Console" };

/** What `get` and `do` answer: see `../python/scenarios.py`, which says the same in Python. */
const resources: Readonly<Record<string, () => Resource>> = {
  // What only plain JavaScript can do.
  undefined: () => ({ phase: "undefined" }) as unknown as Resource,
  queued: () => queued({ message: "third in the queue" }),
  "waiting for resources": () => waitingForResources({ message: "no machine is free" }),
  initializing: () => initializing({ message: "pulling the image" }),
  running: () => running({ message: "step 3 of 7" }),
  "running without message": () => running(),
  succeeded: () => succeeded({ message: "done" }),
  aborted: () => aborted("stopped by an operator"),
  failed: () => failed("table not found"),
  "failed in lines": () => failed("first line\n\tsecond line: Größe 💥 100%"),
  "failed at length": () => failed("x".repeat(5_000)),
  "retryable failed": () => retryableFailure("the machine was taken away"),
  "written to a file": () => succeeded({ outputs: writtenToOutputPrefix }),
  links: () =>
    running({
      logLinks: [
        { uri: "https://vendor.example/jobs/1?a=b&c=d#e", name: "Console" },
        { uri: "http://vendor.example/logs/Größe", name: "Größe 💥" },
      ],
    }),
  "links of other kinds": () =>
    running({
      logLinks: [
        { uri: "s3://bucket/log", name: "S3" },
        { uri: "/var/log/job", name: "file" },
      ],
    }),
  "custom info": () => running({ customInfo }),
  "empty custom info": () => running({ customInfo: {} }),
  "failed with everything": () => failed("table not found", { logLinks: [console], customInfo }),
  // What only plain JavaScript can do.
  "running with outputs": () => ({ phase: "running", outputs: { o: "too early" } }) as unknown as Resource,
  "failed with outputs": () =>
    ({ phase: "failed", message: "half done", outputs: { o: "half" } }) as unknown as Resource,
  large: () => succeeded({ outputs: { o: "x".repeat(5 * 1024 * 1024) } }),
  "two outputs": () => succeeded({ outputs: { zebra: 1, ant: "two" } }),
};

/** One output named `o`. */
const outputs: Readonly<Record<string, FlyteOutput>> = {
  text: "Größe 💥\n",
  "empty text": "",
  integer: 42,
  "largest integer": 2n ** 63n - 1n,
  "smallest integer": -(2n ** 63n),
  float: 1.5,
  "whole float": 2,
  "tiny float": 5e-324,
  infinity: Number.POSITIVE_INFINITY,
  "not a number": Number.NaN,
  true: true,
  false: false,
  none: null,
  time: instant("2026-11-24T08:00:00.123456Z"),
  "time before 1970": instant("1901-02-03T04:05:06.000007Z"),
  duration: duration({ days: 3, seconds: 90.5 }),
  "negative duration": duration({ seconds: -90.5 }),
  structure: { a: int(1), b: [1.5, "x", null, true, float(2)], c: { d: {} } },
  "empty structure": {},
  list: [1, 2, 3],
  "typed list": [1, 2, 3],
  "empty typed list": [],
  "nested list": [["a"], [], ["b", "c"]],
  "typed map": { x: 1, y: 2.5 },
  "whole number for a float": 2,
  "union of text": "a",
  "union of none": null,
  enum: "green",
  file: file("s3://bucket/key.csv"),
  "file with format": file("s3://bucket/key.csv", { format: "csv" }),
  folder: directory("s3://bucket/folder"),
  table: structuredDataset("bq://project:dataset.table"),
};

/** @throws Error for a scenario that is not there. */
export function resourceOf(scenario: string): Resource {
  const make = resources[scenario];
  if (make !== undefined) return make();
  const name = scenario.replace(/^output /, "");
  if (!Object.hasOwn(outputs, name)) throw new Error(`there is no scenario "${scenario}"`);
  // The line above says that it is there.
  return succeeded({ outputs: { o: outputs[name] as FlyteOutput } });
}
