import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { Suite, SuiteContext } from "../harness/suite.ts";
import { createAgentClient } from "./agent-client.ts";
import { builtInCases } from "./built-in-cases.ts";
import { createCases } from "./create-cases.ts";
import type { Clients, CrossOverCase } from "./cross-over-case.ts";
import { crossOverCases } from "./cross-over-cases.ts";
import { deleteCases } from "./delete-cases.ts";
import { differences } from "./differences.ts";
import { getCases } from "./get-cases.ts";
import { judgeCase } from "./judge-case.ts";
import { listingCases } from "./listing-cases.ts";
import { metricsFacts } from "./metrics-facts.ts";
import { type PythonServer, startServers } from "./start-servers.ts";
import { syncCases } from "./sync-cases.ts";
import type { TwinCase } from "./twin-case.ts";
import { viewCases } from "./view-cases.ts";

/** How a suite puts its questions. */
export interface PythonSuite {
  readonly name: "flytekit" | "flyte-sdk";
  readonly generation: "1" | "2";
  /** The peer and its version. */
  readonly peer: string;
  readonly server: PythonServer;
}

const cases: readonly CrossOverCase[] = [
  ...[...listingCases, ...createCases, ...getCases, ...deleteCases, ...viewCases, ...syncCases].map(askedOfBoth),
  ...crossOverCases,
  ...builtInCases,
  {
    // After all others, so that every metric has been counted.
    name: "metrics page/names, types and labels",
    ask: async (_clients, { theirs, ours }) => ({
      theirs: await metricsFacts(theirs.metricsPort),
      ours: await metricsFacts(ours.metricsPort),
    }),
  },
];

/**
 * Compares a Python server with ours. Both get the same requests; every answer must be the same but for what
 * `differences.ts` lists, and what it lists must be there. All answers are kept as evidence in `answers.jsonl`.
 */
export function pythonSuite({ name, generation, peer, server }: PythonSuite): Suite {
  const own = cases.filter(({ only = generation }) => only === generation);
  const names = new Set(own.map((each) => each.name));
  const forgotten = differences
    .flatMap(({ answers }) => answers.flatMap((answer) => answer.cases))
    .filter((caseId) => caseId.startsWith(`${name}/`))
    .map((caseId) => caseId.slice(name.length + 1))
    .filter((caseName) => !names.has(caseName));

  async function run(context: SuiteContext): Promise<void> {
    await using servers = await startServers(server, context);
    const transcript = join(context.evidenceFolder, "answers.jsonl");
    const clientsOf = (timeoutMs: number): Clients => ({
      theirs: createAgentClient(generation, servers.theirs.port, timeoutMs),
      ours: createAgentClient(generation, servers.ours.port, timeoutMs),
    });
    // A busy machine does not need so long; a call that is never answered need not be waited for so long.
    const [patient, impatient] = [clientsOf(60_000), clientsOf(5_000)];
    for (const { name: caseName, ask, isUnanswered } of own) {
      if (!context.wants(caseName)) continue;
      context.signal.throwIfAborted();
      const answers = await ask(isUnanswered === true ? impatient : patient, servers);
      await appendFile(transcript, `${JSON.stringify({ case: caseName, ...answers })}\n`);
      const result = judgeCase(`${name}/${caseName}`, answers, differences);
      context.report({ name: caseName, generation, peer, result });
    }
    for (const caseName of forgotten.filter(context.wants)) {
      const result = { kind: "failed", reason: "differences.ts lists it, but there is no such case" } as const;
      context.report({ name: caseName, generation, peer, result });
    }
  }

  return { name, needs: ["python3.11"], run };
}

function askedOfBoth({ ask, ...asked }: TwinCase): CrossOverCase {
  return { ...asked, ask: async ({ theirs, ours }) => ({ theirs: await ask(theirs), ours: await ask(ours) }) };
}
