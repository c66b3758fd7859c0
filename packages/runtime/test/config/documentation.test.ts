import { readFileSync } from "node:fs";
import { configFileNames, settings } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";
// The schemas are no part of the public interface, so that no library's types are.
import { settingRows } from "../../dist/config/setting-table.js";
import { manifestSchema } from "../../dist/discovery/manifest-schema.js";
import { createMetrics } from "../../dist/metrics/create-metrics.js";

describe("docs/configuration.md", () => {
  const text = page("configuration.md");

  it("has the table that the settings make (update with vitest -u)", async () => {
    const head = "| key | default | flag | variable | meaning |\n|---|---|---|---|---|\n";
    const [before = "", after = ""] = text.split(head);
    const rows = settingRows.map(([path, row]) => {
      const setting = settings.find((each) => each.path.join(".") === path.join("."));
      const cells = [
        `\`${path.join(".")}\``,
        row.default === undefined ? "-" : `\`${JSON.stringify(row.default)}\``,
        setting === undefined ? "-" : `\`--${setting.flag}\``,
        setting === undefined ? "-" : `\`${setting.env}\``,
        row.meaning,
      ];
      return `| ${cells.join(" | ")} |\n`;
    });
    const rest = after.slice(after.search(/^(?!\|)/m));
    await expect(before + head + rows.join("") + rest).toMatchFileSnapshot("../../../../docs/configuration.md");
  });

  it("lists the names of the file", () => {
    for (const name of configFileNames) {
      const [, base = "", ending = ""] = /^(flyte-agent\.config|\.flyte-agentrc)(.*)$/.exec(name) ?? [];
      const line = text.split("\n").find((candidate) => candidate.startsWith(`- \`${base}${ending && ".yaml"}\``));
      expect(line).toMatch(ending === "" || ending === ".yaml" ? base : `\`${ending}\``);
    }
  });
});

describe("docs/plugins-and-discovery.md", () => {
  const text = page("plugins-and-discovery.md");

  it("lists every key of the manifest", () => {
    const documented = tableRows(text, "| key | default | meaning |").map(([key]) => key);
    expect([...documented].sort(byText)).toEqual(
      keysOf(manifestSchema)
        .map((key) => `\`${key}\``)
        .sort(byText),
    );
  });

  it("lists every code of a verdict", () => {
    const source = readFileSync(new URL("../../src/plan/plan.ts", import.meta.url), "utf8");
    const declared = /export type VerdictCode =([^;]*);/.exec(source)?.[1] ?? "";
    const codes = [...declared.matchAll(/"([a-z-]+)"/g)].map(([, code]) => `\`${code}\``);
    const documented = tableRows(text, "| verdict | code | what happened |").map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(10);
    expect(documented.filter((code) => code !== "").sort(byText)).toEqual(codes.sort(byText));
  });
});

describe("docs/operating.md", () => {
  it("lists every metric with its type and labels", async () => {
    const documented = tableRows(page("operating.md"), "| metric | type | labels | |").map((row) => row.slice(0, 3));
    expect(documented).toEqual(await metricRows());
  });
});

async function metricRows(): Promise<readonly (readonly string[])[]> {
  const metrics = createMetrics();
  // Only a metric that has a value says its labels.
  metrics.callStarted("get");
  metrics.callEnded({ taskType: "x", operation: "get" }, 1, undefined);
  metrics.callEnded({ taskType: "x", operation: "get" }, 1, "500");
  metrics.inputBytes("x", 1);
  metrics.requestRefused("x");
  metrics.taskRefused("x", "invalid_task");
  metrics.phaseSubstituted("x");
  metrics.logLineDropped();
  metrics.strayError("exception", "x");
  metrics.pluginState("x", true, 1);
  const text = await metrics.text();
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => {
    const [, series = ""] = new RegExp(`^${name}(?:_sum)?\\{(.*)\\} `, "m").exec(text) ?? [];
    const labels = [...series.matchAll(/(\w+)="/g)].map(([, label]) => `\`${label}\``);
    return [`\`${name}\``, type, labels.join(", ")];
  });
}

function page(name: string): string {
  return readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), "utf8");
}

/** The cells of the table under a header. */
function tableRows(text: string, header: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  const rows = lines.slice(lines.indexOf(header) + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function keysOf(schema: unknown): readonly string[] {
  const bare = memberOf(schema, "wrapped") ?? schema;
  const entries = memberOf(bare, "entries");
  if (typeof entries !== "object" || entries === null) {
    const item = memberOf(bare, "item");
    return item === undefined ? [] : keysOf(item).map((key) => `[].${key}`);
  }
  return Object.entries(entries).flatMap(([key, inner]) => [
    key,
    ...keysOf(inner).map((below) => (below.startsWith("[]") ? `${key}${below}` : `${key}.${below}`)),
  ]);
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

function byText(left: string | undefined, right: string | undefined): number {
  return String(left) < String(right) ? -1 : 1;
}
