import { glob, readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { isRetryable } from "../dist/http/error-reasons.js";
import { bigQueryOptionKeys } from "../dist/options/options.js";

const page = await readFile(new URL("../../../docs/plugins/bigquery.md", import.meta.url), "utf8");

it("lists every option, and no other", () => {
  const listed = [...section("Options").matchAll(/^\| `([\w.]+)` *\|/gm)].map(([, name]) => name);
  expect(listed).toEqual(bigQueryOptionKeys);
});

it("lists no error that the sources do not have", async () => {
  const sources = await readSources();
  expect(documentedTexts().length).toBeGreaterThan(25);
  expect(documentedTexts().filter((text) => !sources.includes(text))).toEqual([]);
});

it("lists every error that the sources throw", async () => {
  const sources = await readSources();
  const thrown = sources.matchAll(/(?:vendor\w+|jobNotFound|invalidTask|refusal|new AgentError)\(\s*(["`a-z][^;]*);/g);
  // What is put into a string has its own place in the sources, and a cause is not told.
  const texts = [...thrown]
    .map(([, text = ""]) => text.replaceAll(/\$\{.*?\}|\{ cause.*?\}/g, ""))
    .filter((text) => /\w{4}/.test(text));
  expect(texts.length).toBeGreaterThan(25);
  expect(texts.filter((text) => !documentedTexts().some((known) => text.includes(known)))).toEqual([]);
});

it("lists the reasons for another attempt, and no other", () => {
  const [, sentence = ""] = /Another attempt is worth it for ([^.]+)\./s.exec(page) ?? [];
  const listed = [...sentence.matchAll(/`(\w+)`/g)].map(([, reason = ""]) => reason);
  expect(listed).toHaveLength(10);
  expect(listed.filter((reason) => !isRetryable(reason))).toEqual([]);
});

function section(title: string): string {
  return page.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
}

/** The texts in the table of errors: where a name or a number is put in, the sources have another text. */
function documentedTexts(): readonly string[] {
  const cells = [...section("Errors").matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = ""]) => cell);
  return cells
    .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text))
    .filter((text) => !bigQuerysOwn.some((word) => text.startsWith(word)))
    .flatMap((text) => text.replace(/^(is|BigQuery) /, "").split(/…|"|: /))
    .map((part) => part.trim())
    .filter((part) => part.length > 3);
}

/** What BigQuery says, and the server itself. */
const bigQuerysOwn = [
  "Access Denied",
  "Already Exists",
  "invalidQuery",
  "bigquery.jobs",
  "accessDenied",
  "duplicate",
  'secret "',
  "[invalid_job]",
  "invalid_option",
];

async function readSources(): Promise<string> {
  const texts: string[] = [];
  for await (const file of glob("**/*.ts", { cwd: new URL("../src", import.meta.url).pathname })) {
    texts.push(await readFile(new URL(`../src/${file}`, import.meta.url), "utf8"));
  }
  return texts.join("\n");
}
