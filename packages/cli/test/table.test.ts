import { expect, it } from "vitest";
import { printServed } from "../dist/print/served-table.js";
import { table } from "../dist/print/table.js";

/** A printer that keeps what it is given; `columns` is the width of a terminal. */
function printer(columns: number, isTerminal = true) {
  const lines: string[] = [];
  return {
    lines,
    line: (text = "") => void lines.push(...text.split("\n")),
    write: (text: string) => void lines.push(text),
    paint: (_: unknown, text: string) => text,
    isTerminal,
    columns,
  };
}

it("the agents of the plugins of this repository fit a terminal of 80 columns", () => {
  const out = printer(80);
  const agent = { mode: "async", state: "ready", reason: "", fix: "" } as const;
  printServed(out, {
    agents: [
      {
        ...agent,
        name: "Bigquery Connector",
        taskType: "bigquery_query_job_task@0",
        plugin: "bigquery 0.1.0",
        packageName: "flyte-agent-bigquery",
      },
    ],
    plan: {
      appRoot: "/app",
      configFile: undefined,
      discovery: "auto",
      entries: [],
      owners: new Map(),
      conflicts: [],
      settingProblems: [],
      warnings: [],
    },
    endpoint: "localhost:8001",
    scheme: "http",
    metrics: undefined,
    flags: "--port 8001",
  });
  expect(out.lines[2]).toBe("Bigquery Connector  bigquery_query_job_task@0  async  bigquery 0.1.0  ready");
  expect(out.lines.at(-1)).toBe("  npx flyte-agent doctor --flyte --port 8001");
  expect(out.lines.filter((line) => line.length > 80)).toEqual([expect.stringContaining("curl ")]);
});

const header = ["NAME", "TYPES"];
const row = ["a-plugin", "first@0 (async), second@0 (sync), third@0 (async)"];

it("the widest column is broken between words where the terminal is narrow", () => {
  expect(table(printer(40), header, [row, ["b", "x"]])).toBe(
    "NAME      TYPES\na-plugin  first@0 (async), second@0\n          (sync), third@0 (async)\nb         x",
  );
});

it("nothing is broken that is no word, nor where no person looks", () => {
  expect(table(printer(10), header, [["a-long-name", "type"]])).toBe("NAME         TYPES\na-long-name  type");
  expect(table(printer(40, false), header, [row])).toBe(`NAME      TYPES\n${row.join("  ")}`);
});
