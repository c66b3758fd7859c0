import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startBigQuery } from "../../../plugins/bigquery/test/bigquery-shim/start-bigquery.ts";
import type { CaseResult, CaseRow, Suite, SuiteContext } from "../harness/suite.ts";
import type { CaseContext } from "./case-context.ts";
import { createConnectorClient } from "./connector-client.ts";
import { knownDifferences } from "./differences.ts";
import { emulatorCases, runOnEmulator } from "./emulator-cases.ts";
import { type Difference, differencesBetween, type Facts } from "./facts.ts";
import { handOver, handoverCases } from "./handover-cases.ts";
import { liveThrough } from "./job-life.ts";
import { createJudge, type Judge } from "./judge-differences.ts";
import { configCases, createCases, faultCases, type LifeCase, queryCases, stateCases } from "./life-cases.ts";
import { queryFixtures } from "./query-fixture.ts";
import { rowsCases } from "./rows-cases.ts";
import { startBqemulator } from "./start-bqemulator.ts";
import { type ConnectorServer, pythonConnectors, startConnector } from "./start-connectors.ts";
import { checkTemplates } from "./template-check.ts";

/** The Python connectors for BigQuery and our plugin, before the same BigQuery. */
export const bigquerySuite: Suite = {
  name: "bigquery",
  needs: ["python3.11"],
  async run(context) {
    await using emulator = await startBqemulator(context, { project: "acme-dw", datasets: ["shop"] });
    await using bigquery = await startBigQuery({ upstream: emulator.endpoint, requiresTokens: true });
    const keyFile = join(context.evidenceFolder, "key.json");
    await writeFile(keyFile, JSON.stringify(bigquery.serviceAccountKey()));
    // A task's key may name Google's address only, if the operator has not named another.
    const options = { allowedTokenUris: [bigquery.serviceAccountKey().token_uri] };
    const reached = { endpoint: bigquery.endpoint, keyFile };
    await using ours = await startConnector("ours", context, reached, options);
    await using oursIgnoring = await startConnector("ours", context, reached, {
      ...options,
      ignoreQueryJobConfig: true,
    });
    const judge = createJudge(knownDifferences);
    let executions = 0;
    for (const generation of ["1", "2"] as const) {
      const startTheirs = (): Promise<ConnectorServer> =>
        startConnector(pythonConnectors[generation], context, reached);
      await using theirs = await startTheirs();
      const fixtures = queryFixtures(generation);
      for (const testCase of emulatorCases) {
        const { endpoint } = emulator;
        await runCase(context, `${testCase.name} (Flyte ${generation})`, { generation, peer: "bqemulator 1.4.0" }, () =>
          runOnEmulator(testCase, { endpoint, generation }, context),
        );
      }
      await runCases(context, judge, startTheirs, {
        generation,
        theirs: createConnectorClient(generation, theirs.port),
        ours: createConnectorClient(generation, ours.port),
        oursIgnoring: createConnectorClient(generation, oursIgnoring.port),
        bigquery,
        newExecution() {
          executions += 1;
          return `f${executions}`;
        },
        fixture(name) {
          const found = fixtures.find((fixture) => fixture.name === name);
          if (found === undefined) throw new Error(`no fixture ${name} of Flyte ${generation}`);
          return found;
        },
      });
    }
    reportUnused(context, judge);
  },
};

const peers = { 1: "flytekit 1.16.31", 2: "flyte-sdk 2.12.1" } as const;

async function runCase(
  { wants, signal, report }: SuiteContext,
  name: string,
  about: Pick<CaseRow, "generation" | "peer">,
  work: () => Promise<CaseResult>,
): Promise<void> {
  if (!wants(name)) return;
  signal.throwIfAborted();
  const result = await work().catch((error: unknown): CaseResult => ({ kind: "failed", reason: String(error) }));
  report({ name, ...about, result });
}

async function runCases(
  context: SuiteContext,
  { judge }: Judge,
  startTheirs: () => Promise<ConnectorServer>,
  cases: CaseContext,
): Promise<void> {
  const { generation, bigquery } = cases;
  const run = async (name: string, work: () => Promise<CaseResult>): Promise<void> => {
    await runCase(context, `${name} (Flyte ${generation})`, { generation, peer: peers[generation] }, work);
    bigquery.calm();
    bigquery.everyInsert({});
  };
  const compare = (name: string, work: () => Promise<readonly Difference[]>): Promise<void> =>
    run(name, async () => {
      const differences = await work();
      const lines = differences.map((difference) => `${JSON.stringify({ case: name, generation, ...difference })}\n`);
      await appendFile(join(context.evidenceFolder, "differences.jsonl"), lines.join(""));
      return judge(`${name} (Flyte ${generation})`, differences);
    });

  await run("templates", () => checkTemplates(generation, context));
  const queries = queryCases(queryFixtures(generation));
  const lives = [...queries, ...configCases, ...createCases(generation), ...stateCases, ...faultCases];
  for (const life of lives) {
    await compare(life.name, async () => {
      if (!life.isBlocking) return await compareLives(life, cases);
      await using blocked = await startTheirs();
      const theirs = createConnectorClient(generation, blocked.port);
      return await compareLives(life, { ...cases, theirs });
    });
  }
  for (const handover of handoverCases) await compare(handover.name, () => handOver(handover, cases));
  for (const rows of rowsCases(generation)) await run(rows.name, () => rows.check(cases));
}

async function compareLives(
  { fixture, script = {}, faults = [], account, ignoresConfig = false, ...life }: LifeCase,
  { theirs, ours, oursIgnoring, bigquery, newExecution, ...cases }: CaseContext,
): Promise<readonly Difference[]> {
  const task = {
    ...cases.fixture(fixture),
    ...(account === undefined ? {} : { connection: connectionWith(bigquery.serviceAccountKey(account)) }),
  };
  const live = async (client: typeof theirs): Promise<Facts> => {
    bigquery.calm();
    bigquery.everyInsert(script);
    for (const { call, fault, times } of faults) bigquery.disturb(call, fault, times);
    return await liveThrough(client, bigquery, { ...task, execution: newExecution() }, life);
  };
  const theirFacts = await live(theirs);
  return differencesBetween(theirFacts, await live(ignoresConfig ? oursIgnoring : ours));
}

function connectionWith(key: object) {
  return { secrets: { google_application_credentials: JSON.stringify(key) } };
}

function reportUnused({ wants, report }: SuiteContext, judge: Judge): void {
  const name = "every listed difference is there";
  // With some cases left out, others may need it.
  if (!wants(name) || !wants("")) return;
  const unused = judge.unused();
  const result: CaseResult =
    unused.length === 0 ? { kind: "passed" } : { kind: "failed", reason: `not seen any more: ${unused.join("; ")}` };
  report({ name, generation: "-", peer: "-", result });
}
