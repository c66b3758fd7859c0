import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ended, runCommand } from "./command.ts";

// Encoded by hand: simple types INTEGER and FLOAT; a literal with the integer 1, one with 2^53 + 1, one that is not a number.
const integerType = "CAE=";
const floatType = "CAI=";
const one = "CgQKAggB";
const large = "CgsKCQiBgICAgICAEA==";
const notANumber = "CgsKCREAAAAAAAD4fw==";

const valuesFolder = new URL("../../../interop/values/", import.meta.url);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flyte-agent-literal-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function literalOf(text: string, ...flags: string[]): Promise<Ended> {
  await writeFile(join(folder, "values.json"), text);
  return await runCommand(folder, ["literal", "values.json", ...flags]);
}

describe("literal", () => {
  it("prints what an agent gets, and writes it again", async () => {
    const text = JSON.stringify({ name: "count", type: integerType, literal: one }, undefined, 2);
    const { code, stdout } = await literalOf(text, "--out", "out.json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ count: 1 });
    expect(JSON.parse(await readFile(join(folder, "out.json"), "utf8"))).toEqual(JSON.parse(text));
  });

  it("takes many, one a line, and hands out bigint if asked to", async () => {
    const lines = [
      { name: "one", type: integerType, literal: one },
      { name: "large", type: integerType, literal: large },
      { name: "nan", type: floatType, literal: notANumber },
    ].map((line) => `${JSON.stringify(line)}\n`);
    const auto = await literalOf(lines.join(""));
    expect(JSON.parse(auto.stdout)).toEqual({ one: 1, large: "9007199254740993", nan: "NaN" });
    const bigint = await literalOf(lines.join(""), "--integers", "bigint");
    expect(JSON.parse(bigint.stdout)).toEqual({ one: "1", large: "9007199254740993", nan: "NaN" });
  });

  it("writes what it wrote itself in the same way", async () => {
    const values = await readFile(new URL("flytekit-1.16.31.jsonl", valuesFolder), "utf8");
    // Some values of unions fit two variants, of which only `variant()` can choose one.
    const { always } = JSON.parse(await readFile(new URL("lossy.json", valuesFolder), "utf8"));
    const lines = values.split("\n").filter((line) => line !== "" && !(JSON.parse(line).name in always));
    const first = await literalOf(lines.join("\n"), "--integers", "bigint", "--out", "first.jsonl");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const again = await runCommand(folder, ["literal", "first.jsonl", "--integers", "bigint", "--out", "again.jsonl"]);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    const [written, rewritten] = await Promise.all(
      ["first.jsonl", "again.jsonl"].map((file) => readFile(join(folder, file), "utf8")),
    );
    expect(rewritten).toBe(written);
  });

  it("names what is refused, and goes on", async () => {
    const lines = [
      { name: "wrong", type: floatType, literal: "CgQKAiAB" },
      { name: "right", type: integerType, literal: one },
      { name: "broken", type: "/w==", literal: one },
    ].map((line) => JSON.stringify(line));
    const { code, stdout, stderr } = await literalOf(lines.join("\n"));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ right: 1 });
    expect(stderr).toBe(
      'flyte-agent: output "wrong": expected FLOAT, got BOOLEAN [invalid_output]\n' +
        'flyte-agent: "broken": type is not a valid protobuf message: check that the caller speaks Flyte\'s IDL ' +
        "[malformed_message]\n",
    );
  });

  it.each([
    ["", "values.json: it is empty"],
    ["x", "values.json, line 1: it is no JSON"],
    ["[]", "values.json: got a list"],
    [`{ "type": "${integerType}" }`, 'values.json: "literal" is missing'],
    [`{ "type": 1, "literal": "" }`, 'values.json: "type" is a number'],
    [`{ "type": "CAE", "literal": "" }`, 'values.json: "type" is a string that is not base64'],
  ])("refuses the file %j in one sentence", async (text, problem) => {
    const { code, stdout, stderr } = await literalOf(text);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      `flyte-agent: ${problem}, expected a JSON object with "type" and "literal" in base64 [invalid_input]\n`,
    );
  });

  it("tells those without a name apart, and refuses a name that comes twice", async () => {
    const line = { type: integerType, literal: one };
    const unnamed = await literalOf([line, line].map((each) => JSON.stringify(each)).join("\n"));
    expect(JSON.parse(unnamed.stdout)).toEqual({ "line 1": 1, "line 2": 1 });
    const named = await literalOf([line, line].map((each) => JSON.stringify({ name: "x", ...each })).join("\n"));
    expect(named).toMatchObject({ code: 1, stdout: "" });
    expect(named.stderr).toBe('flyte-agent: values.json: two literals have the name "x" [invalid_input]\n');
    const wrong = await literalOf(JSON.stringify({ name: 5, ...line }));
    expect(wrong.stderr).toContain('values.json: "name" is a number');
  });

  it("says which file it cannot read or write", async () => {
    const absent = await runCommand(folder, ["literal", "absent.json"]);
    expect(absent.code).toBe(2);
    expect(absent.stderr).toContain("absent.json cannot be read: there is no such file");
    const text = JSON.stringify({ type: integerType, literal: one });
    const nowhere = await literalOf(text, "--out", "absent/out.json");
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toMatch(/^flyte-agent: --out: .*'absent\/out.json'\n$/);
  });
});
