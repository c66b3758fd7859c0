import { glob, readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { isRetryable } from "../dist/error-reasons.js";
import { bigQueryOptionKeys } from "../dist/options.js";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const page = await readFile(new URL("../../../docs/plugins/bigquery.md", import.meta.url), "utf8");

it("lists every option in the README, and no other", () => {
  const listed = [...readme.matchAll(/^\| `([\w.]+)` *\|/gm)].map(([, name]) => name);
  expect(listed).toEqual(bigQueryOptionKeys);
});

it("lists no error that the sources do not have", async () => {
  const [, table = ""] = readme.split("## Errors");
  const sources = await readSources();
  const shown = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)]);
  const own = shown.map(([, text = ""]) => text).filter((text) => !bigQuerysOwn.some((word) => text.startsWith(word)));
  expect(own.length).toBeGreaterThan(20);
  // Where a name or a number is put in, the sources have another text.
  const parts = own.flatMap((text) => text.replace(/^(is|BigQuery) /, "").split(/…|"|: /)).map((part) => part.trim());
  expect(parts.filter((part) => part.length > 3 && !sources.includes(part))).toEqual([]);
});

it("lists the reasons for another attempt, and no other", () => {
  const [, sentence = ""] = /Another attempt is worth it for ([^.]+)\./s.exec(page) ?? [];
  const listed = [...sentence.matchAll(/`(\w+)`/g)].map(([, reason = ""]) => reason);
  expect(listed).toHaveLength(10);
  expect(listed.filter((reason) => !isRetryable(reason))).toEqual([]);
});

/** What BigQuery says, and the server itself. */
const bigQuerysOwn = [
  "Access Denied",
  "Already Exists",
  "invalidQuery",
  "bigquery.jobs",
  "accessDenied",
  "duplicate",
  'secret "',
];

async function readSources(): Promise<string> {
  const texts: string[] = [];
  for await (const file of glob("**/*.ts", { cwd: new URL("../src", import.meta.url).pathname })) {
    texts.push(await readFile(new URL(`../src/${file}`, import.meta.url), "utf8"));
  }
  return texts.join("\n");
}
