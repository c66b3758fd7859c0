import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { tlsFlags } from "../clients/tls-flags.ts";
import { chromiumPath } from "../harness/chromium-path.ts";
import { pluginFolder } from "../harness/plugin-folder.ts";
import { startAgentServer } from "../harness/start-agent-server.ts";
import type { Suite } from "../harness/suite.ts";
import { callFromPage, type PageProtocol, type SeenByPage } from "./call-from-page.ts";
import { startPageServer } from "./page-server.ts";

interface BrowserCase {
  readonly name: string;
  readonly protocol: PageProtocol;
  /** A server that allows the page, without or with TLS; one that allows another page; one that allows none, the default. */
  readonly server: "clear" | "tls" | "of another page" | "of no page";
}

const cases: readonly BrowserCase[] = [
  { name: "Connect with JSON", protocol: "Connect with JSON", server: "clear" },
  { name: "Connect with protobuf", protocol: "Connect with protobuf", server: "clear" },
  { name: "gRPC-Web", protocol: "gRPC-Web", server: "clear" },
  { name: "gRPC-Web over TLS", protocol: "gRPC-Web", server: "tls" },
  {
    name: "a page of an origin that is not configured",
    protocol: "Connect with JSON",
    server: "of another page",
  },
  { name: "a page where no origin is configured", protocol: "Connect with JSON", server: "of no page" },
];

/** A job of flytekit's file sensor, as its server wrote it. */
const sensorJob = readFileSync(
  join(import.meta.dirname, "../../fixtures/flytekit-1.16.31/sensor-file/resource-meta.bin"),
).toString("base64");

const expected: SeenByPage = {
  taskTypes: ["sensor", "webhook"],
  phases: ["RUNNING", "RUNNING"],
  refusal: "InvalidArgument: the request has no task template: set the field `template` [invalid_request]",
  streamEnd: 'Unimplemented: the agent of task type "sensor" offers no logs [operation_not_supported]',
};

/** A page in Chromium calls `flyte-agent serve`, whose origin is another. */
export const browserSuite: Suite = {
  name: "browser",
  needs: ["chromium"],
  async run(context) {
    await using pageServer = await startPageServer();
    const allowed = ["--cors-origins", pageServer.origin];
    const tls = await tlsFlags(join(context.evidenceFolder, "tls"), context.signal);
    await using stack = new AsyncDisposableStack();
    const plugins = [pluginFolder("sensor"), pluginFolder("webhook")];
    const start = async (name: string, flags: readonly string[]) =>
      stack.use(await startAgentServer({ name, plugins, flags }, context));
    const servers = {
      clear: await start("server", allowed),
      tls: await start("tls-server", [...allowed, ...tls]),
      "of another page": await start("foreign-server", ["--cors-origins", "https://app.example.com"]),
      "of no page": await start("default-server", []),
    };
    await using browser = await launch();
    context.progress(`Chromium ${browser.version()}`);
    // Its version follows the distribution; what the page runs is ours to choose.
    const peer = `Chromium with connect-web ${versionOfConnectWeb()}`;
    for (const { name, protocol, server } of cases.filter((one) => context.wants(one.name))) {
      const page = await browser.newPage({ ignoreHTTPSErrors: true });
      try {
        await page.goto(pageServer.origin);
        const baseUrl = `${server === "tls" ? "https" : "http"}://127.0.0.1:${servers[server].port}`;
        const seen = page.evaluate(callFromPage, { baseUrl, protocol, job: sensorJob });
        if (server === "clear" || server === "tls") assert.deepEqual(await seen, expected);
        else await assert.rejects(seen, /Failed to fetch/);
        context.report({ name, generation: "1 and 2", peer, result: { kind: "passed" } });
      } catch (error) {
        context.signal.throwIfAborted();
        const reason = error instanceof Error ? error.message : String(error);
        context.report({ name, generation: "1 and 2", peer, result: { kind: "failed", reason } });
      } finally {
        await page.close();
      }
    }
  },
};

async function launch(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error("there is no chromium on the PATH");
  // Chromium's sandbox does not work for root, as whom containers run it.
  return await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

function versionOfConnectWeb(): string {
  const manifest = join(import.meta.dirname, "../../node_modules/@connectrpc/connect-web/package.json");
  // Every package that is installed has a version.
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
}
