import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { succeeded } from "@flyte-agent/sdk";
import { type ContractSubject, describeAgentContract } from "@flyte-agent/testing";
import { expect, it } from "vitest";
import { agentContract } from "../../dist/contract/agent-contract.js";
import { brokenChecks } from "../fixtures/broken-checks.ts";
import { syncSubject } from "../fixtures/other-plugins.ts";

const workspace = fileURLToPath(new URL("../../../..", import.meta.url));

it("registers what applies to the agent and nothing that it would skip", { timeout: 60_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), "flyte-agent-contract-"));
  try {
    const file = join(directory, "report.json");
    const flags = ["--reporter=json", `--outputFile=${file}`];
    const program = join(workspace, "node_modules/.bin/vitest");
    await promisify(execFile)(program, ["run", "good-agents.test.ts", ...flags], { cwd: workspace });
    const { testResults } = JSON.parse(await readFile(file, "utf8"));
    const tests: { ancestorTitles: string[]; title: string; status: string }[] = testResults[0].assertionResults;

    expect(tests.filter(({ status }) => status !== "passed")).toEqual([]);
    const ofSensor = tests.filter(({ ancestorTitles }) => ancestorTitles.includes("a good sensor"));
    const missing = ["an end, as nobody", "fits the vendor's state", "does not know", "an input", "secret"];
    const expected = agentContract
      .map(({ name }) => name)
      .filter((name) => !missing.some((text) => name.includes(text)));
    expect(ofSensor.map(({ title }) => title)).toEqual([...expected, ...expected]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

const shout = syncSubject(async ({ inputs }) => succeeded({ outputs: { loud: `${inputs.words}!` } }));

it.each([undefined, "asnyc"])("must be told of which kind the agent is: %j", (kind) => {
  // As a test in plain JavaScript may write it.
  const subject = { ...shout, kind } as unknown as ContractSubject;
  expect(() => describeAgentContract(subject)).toThrow(/`kind` is .*, expected "async", "sync" or "sensor"$/);
});

it("says so in every test if the agent is of another kind", async () => {
  const broken = await brokenChecks({ ...shout, kind: "async" });
  expect(new Set(broken.values())).toEqual(
    new Set(['Error: the agent of task type "shout" is sync, but `kind` says async: write sync']),
  );
});
