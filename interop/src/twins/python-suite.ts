import type { CaseResult, Suite, SuiteContext } from "../suite.ts";
import { createAgentClient } from "./agent-client.ts";
import { builtInCases } from "./built-in-cases.ts";
import { compareFacts, type FactsDifference } from "./compare-facts.ts";
import { createCases } from "./create-cases.ts";
import { crossOverCases } from "./cross-over-cases.ts";
import { deleteCases } from "./delete-cases.ts";
import { type Difference, differences } from "./differences.ts";
import type { Facts } from "./facts.ts";
import { getCases } from "./get-cases.ts";
import { listingCases } from "./listing-cases.ts";
import { metricsFacts } from "./metrics-facts.ts";
import { type PythonServer, type Servers, startServers } from "./start-servers.ts";
import { syncCases } from "./sync-cases.ts";
import { viewCases } from "./view-cases.ts";

const askedCases = [...listingCases, ...createCases, ...getCases, ...deleteCases, ...viewCases, ...syncCases];

/** How a suite puts its questions. */
export interface PythonSuite {
  readonly name: string;
  readonly generation: "1" | "2";
  /** The peer and its version. */
  readonly peer: string;
  readonly server: PythonServer;
}

/**
 * Compares a Python server with ours. Both get the same requests; every answer must be the same but for what
 * `differences.ts` lists, and what it lists must be there.
 */
export function pythonSuite({ name, generation, peer, server }: PythonSuite): Suite {
  const applies = ({ only }: { readonly only?: "1" | "2" }): boolean => only === undefined || only === generation;

  async function run(context: SuiteContext): Promise<void> {
    await using servers = await startServers(server, context);
    const theirs = createAgentClient("theirs", generation, servers.theirs.port);
    const ours = createAgentClient("ours", generation, servers.ours.port);
    const clients = { theirs, ours };

    async function compare(
      caseName: string,
      ask: () => Promise<{ readonly theirs: Facts; readonly ours: Facts }>,
    ): Promise<void> {
      if (!context.wants(caseName)) return;
      context.signal.throwIfAborted();
      const answers = await ask();
      const result = judge(`${name}/${caseName}`, compareFacts(answers.theirs, answers.ours));
      context.report({ name: caseName, generation, peer, result });
    }

    for (const { name, ask } of askedCases.filter(applies)) {
      await compare(name, async () => ({ theirs: await ask(theirs), ours: await ask(ours) }));
    }
    for (const { name, ask } of crossOverCases.filter(applies)) {
      await compare(name, () => ask(clients, servers));
    }
    for (const { name, ask } of builtInCases.filter(applies)) {
      await compare(name, () => ask(clients, servers));
    }
    await compare("metrics page/names and labels", () => bothMetrics(servers));
    reportUnknown(context);
  }

  // A case that is listed and was never asked would be a difference that is no more.
  function reportUnknown(context: SuiteContext): void {
    const asked = new Set(
      [...askedCases, ...crossOverCases, ...builtInCases].filter(applies).map((each) => `${name}/${each.name}`),
    );
    asked.add(`${name}/metrics page/names and labels`);
    for (const listed of differences.flatMap(({ answers }) => answers.flatMap(({ cases }) => cases))) {
      if (!listed.startsWith(`${name}/`) || asked.has(listed)) continue;
      const caseName = listed.slice(name.length + 1);
      const result = { kind: "failed", reason: "differences.ts lists it, but there is no such case" } as const;
      context.report({ name: caseName, generation, peer, result });
    }
  }

  return { name, needs: ["python3.11"], run };
}

async function bothMetrics({ theirs, ours }: Servers): Promise<{ readonly theirs: Facts; readonly ours: Facts }> {
  return { theirs: await metricsFacts(theirs.metricsPort), ours: await metricsFacts(ours.metricsPort) };
}

function judge(caseId: string, found: FactsDifference | undefined): CaseResult {
  const listed = differences.flatMap((difference) => entriesOf(difference, caseId));
  if (listed.length > 1) return failed("differences.ts lists it more than once");
  const [entry] = listed;
  if (found === undefined) {
    return entry === undefined
      ? { kind: "passed" }
      : failed("there is no difference any more: take it out of differences.ts");
  }
  if (entry === undefined) return failed(describe(found));
  const news = compareFacts(flat(entry), flat(found));
  if (news !== undefined) return failed(`not as listed: ${describe(found)}`);
  return { kind: "differs", reason: entry.reason };
}

function entriesOf(
  { reason, answers }: Difference,
  caseId: string,
): readonly (FactsDifference & { readonly reason: string })[] {
  return answers.filter(({ cases }) => cases.includes(caseId)).map(({ theirs, ours }) => ({ reason, theirs, ours }));
}

function flat({ theirs, ours }: FactsDifference): Facts {
  const entries = [...prefixed("theirs", theirs), ...prefixed("ours", ours)];
  return Object.fromEntries(entries);
}

function prefixed(prefix: string, facts: Facts): readonly (readonly [string, string])[] {
  return Object.entries(facts).map(([path, value]) => [`${prefix} ${path}`, value]);
}

function describe({ theirs, ours }: FactsDifference): string {
  return `theirs ${JSON.stringify(theirs)}, ours ${JSON.stringify(ours)}`;
}

function failed(reason: string): CaseResult {
  return { kind: "failed", reason };
}
