/**
 * What a GetTask costs each server, in one run: `npm run bench`.
 *
 *     node src/calls/main.ts [--rounds 7] [--calls 20000] [--streams 1,8,32] [--only NAME,NAME] [--write] [--check]
 *
 * In each round every server gets the same load in turn, so that what disturbs the machine disturbs all of them. Servers are
 * pinned to one core, the load generator to the other. What is missing on this machine is said and left out. `--write` puts
 * the table into the README, and records what a call of ours costs; `--check` fails if each round was a fifth worse than that.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { freePort } from "@flyte-agent/interop/free-port";
import type { RunningProcess } from "@flyte-agent/interop/start-process";
import { worseThanRecorded } from "./check-ratios.ts";
import { checkAnswer, getTaskFrame, getTaskPath } from "./get-task-request.ts";
import type { BenchContext, MeasuredServer } from "./measured-server.ts";
import { measuredServers } from "./measured-servers.ts";
import { cpuTimeMs, residentMegabytes } from "./process-usage.ts";
import { median, ratiosOf, ratioTable, type Sample } from "./ratio-table.ts";
import { sendLoad } from "./send-load.ts";
import { writeTable } from "./write-table.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    calls: { type: "string", default: "20000" },
    streams: { type: "string", default: "1,8,32" },
    only: { type: "string" },
    write: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const calls = Number(values.calls);
const streamCounts = values.streams.split(",").map(Number);
const only = values.only?.split(",");
const ours = "flyte-agent";
const recordFile = join(import.meta.dirname, "recorded-ratios.json");

const folder = mkdtempSync(join(tmpdir(), "flyte-agent-bench-"));
const requestFile = join(folder, "get-task.bin");
const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupt.abort());
const context: BenchContext = {
  cacheFolder: join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "flyte-agent-bench"),
  evidenceFolder: folder,
  signal: interrupt.signal,
  progress: (text) => console.error(text),
};

/** A server that runs, warm. */
interface Contestant {
  readonly server: MeasuredServer;
  readonly process: RunningProcess;
  readonly port: number;
  readonly idleMegabytes: number;
}

await using running = new AsyncDisposableStack();
running.defer(() => rmSync(folder, { recursive: true }));
writeFileSync(requestFile, getTaskFrame());
const contestants: Contestant[] = [];
for (const server of measuredServers) {
  if (only !== undefined && measuredServers[0] !== server && !only.some((name) => server.name.includes(name))) continue;
  const contestant = await startWarm(server).catch((error: unknown) => {
    console.error(`${server.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (contestant !== undefined) contestants.push(contestant);
}

const samples: Sample[] = [];
for (let round = 1; round <= rounds; round++) {
  for (const streams of streamCounts) {
    for (const { server, process, port } of contestants) {
      const before = cpuTimeMs(process.pid);
      const callsPerSecond = await load(server, port, streams, calls);
      const microseconds = ((cpuTimeMs(process.pid) - before) * 1000) / calls;
      samples.push({ server: server.name, round, streams, microseconds, callsPerSecond });
    }
  }
  console.error(`round ${round} of ${rounds}`);
}

const table = [
  `CPU of the server process per GetTask, 8 connections; Node ${process.version}, ${rounds} rounds of ${calls} calls.`,
  "",
  ratioTable(samples, streamCounts),
  "",
  "| server | resident at the start | after the load |",
  "|---|---:|---:|",
  ...contestants.map(({ server: { name }, process: { pid }, idleMegabytes }) => {
    return `| ${name} | ${idleMegabytes.toFixed(0)} MB | ${residentMegabytes(pid).toFixed(0)} MB |`;
  }),
].join("\n");
console.log(table);
if (values.write) {
  writeTable(join(import.meta.dirname, "../../README.md"), "calls", table);
  const ratios = streamCounts.map((streams) => [streams, Number(median(ratiosOf(samples, ours, streams)).toFixed(2))]);
  writeFileSync(recordFile, `${JSON.stringify(Object.fromEntries(ratios), undefined, 2)}\n`);
}
if (values.check) {
  const worse = worseThanRecorded(samples, ours, JSON.parse(readFileSync(recordFile, "utf8")));
  for (const problem of worse) console.error(problem);
  if (worse.length > 0) process.exitCode = 1;
}

async function startWarm(server: MeasuredServer): Promise<Contestant> {
  const port = await freePort();
  const process = running.use(await server.start(port, context));
  await checkAnswer(port, server.flyte);
  const idleMegabytes = residentMegabytes(process.pid);
  await load(server, port, 8, Math.min(calls, 10_000));
  return { server, process, port, idleMegabytes };
}

function load({ flyte }: MeasuredServer, port: number, streams: number, calls: number): Promise<number> {
  return sendLoad({ port, path: getTaskPath(flyte), requestFile, calls, streams }, interrupt.signal);
}
