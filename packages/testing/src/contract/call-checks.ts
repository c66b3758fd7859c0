import { Code } from "@connectrpc/connect";
import type { Agent } from "@flyte-agent/sdk";
import type { TestLogPage } from "../test-host.ts";
import type { ContractBench } from "./contract-bench.ts";
import type { ContractCheck } from "./contract-check.ts";
import { codeName, refusalOf } from "./refusal.ts";
import { violation } from "./violation.ts";

/** Calls that an agent may not offer, callers that go away, and the end of the server. */
export const callChecks: readonly ContractCheck[] = [
  {
    name: "answers logs, page by page, if it offers any",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      const { bytes } = await bench.create();
      if (!offers(bench.agent, "logs")) {
        return assertUnimplemented("logs", await refusalOf(readLogs(bench, bytes, "")));
      }
      const tokens = new Set<string>();
      for (let token = ""; ; ) {
        const { nextToken } = await readLogs(bench, bytes, token);
        if (nextToken === "" || tokens.size === pagesRead) return;
        if (tokens.has(nextToken)) throw violation(`logs came to the page "${nextToken}" a second time`);
        tokens.add(nextToken);
        token = nextToken;
      }
    },
  },
  {
    name: "answers metrics, if it offers any",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      const { bytes } = await bench.create();
      const { server, category, flyte } = bench;
      const refusal = await refusalOf(server.host.metrics(category, bytes, { flyte }));
      if (!offers(bench.agent, "metrics")) assertUnimplemented("metrics", refusal);
      else if (refusal !== undefined) throw violation(`metrics failed: ${refusal.rawMessage}`, refusal);
    },
  },
  {
    name: "stops working when its caller goes away",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      const { subject, server, task, agent, category, flyte } = bench;
      const job = agent.kind === "sync" ? undefined : await bench.create();
      await subject.stall?.();
      await assertStops(bench, agent.kind === "sync" ? "do" : "create", (signal) =>
        bench.start(server, task, { execution: {}, signal }),
      );
      if (job === undefined) return;
      await assertStops(bench, "get", (signal) => server.host.get(category, job.bytes, { flyte, signal }));
      await assertStops(bench, "delete", (signal) => server.host.delete(category, job.bytes, { flyte, signal }));
    },
  },
  {
    name: "closes what it opened when the server stops",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      const { host, watched } = await bench.replica();
      await bench.start({ host, watched }, bench.task, { execution: {} });
      try {
        await host[Symbol.asyncDispose]();
      } catch (reason) {
        const text = reason instanceof Error ? reason.message : String(reason);
        throw violation(text, reason);
      }
    },
  },
];

const pagesRead = 20;

/** How long a handler may go on after its caller has gone. */
const stopsWithinMs = 1_000;

function offers(agent: Agent, view: "logs" | "metrics"): boolean {
  return agent.kind === "async" && agent[view] !== undefined;
}

function readLogs({ server, category, flyte }: ContractBench, job: Uint8Array, token: string): Promise<TestLogPage> {
  return server.host.logs(category, job, { flyte, lines: 10, token });
}

function assertUnimplemented(what: string, refusal: Awaited<ReturnType<typeof refusalOf>>): void {
  if (refusal?.code === Code.Unimplemented) return;
  const got = refusal === undefined ? "an answer" : codeName(refusal);
  throw violation(`${what} are not offered: expected UNIMPLEMENTED, got ${got}`, refusal);
}

async function assertStops(
  { server: { watched }, subject }: ContractBench,
  operation: string,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const controller = new AbortController();
  const reached = watched.nextCall();
  const ended = refusalOf(call(controller.signal));
  // A sensor's delete never reaches the agent, and a quick handler has ended before anybody could go away.
  await Promise.race([reached, ended]);
  controller.abort();
  await ended;
  const untilMs = Date.now() + stopsWithinMs;
  while (watched.running > 0 && Date.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 5));
  if (watched.running === 0) return;
  await subject.cleanUp?.();
  throw violation(
    `${operation} goes on ${stopsWithinMs} ms after its caller has gone: hand context.signal to everything that waits`,
  );
}
