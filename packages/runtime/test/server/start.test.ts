import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

async function takenPort(): Promise<number> {
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  // A TCP server that listens has an address of this form.
  return (other.address() as AddressInfo).port;
}

test("a second server on the same port says so", async () => {
  const port = await takenPort();
  await expect(serve({ server: { port } })).rejects.toMatchObject({
    code: "port_unavailable",
    message:
      `port ${port} on 127.0.0.1: another program listens there already: stop it, or choose another port ` +
      "with --port or --prometheus-port",
  });
});

test("a taken metrics port says so, and the other port is free again", async () => {
  const prometheusPort = await takenPort();
  const { server } = await serve();
  const { port } = server;
  await server.close();
  await expect(serve({ server: { port, prometheusPort } })).rejects.toMatchObject({
    code: "port_unavailable",
    message: expect.stringContaining(`port ${prometheusPort} `),
  });
  const again = await serve({ server: { port } });
  expect((await connect(again.port).metadata.listAgents({})).agents.length).toBeGreaterThan(0);
});

test("an address that is not of this machine says so", async () => {
  await expect(serve({ server: { host: "192.0.2.1" } })).rejects.toMatchObject({
    code: "port_unavailable",
    message: expect.stringContaining("this machine has no such address: set server.host to one of its own"),
  });
});

test("metrics may be off", async () => {
  const { server } = await serve({ server: { prometheusPort: "off" } });
  expect(server.metricsPort).toBeUndefined();
});

test("the metrics port answers GET on any path and nothing else", async () => {
  const { server } = await serve();
  const base = `http://127.0.0.1:${server.metricsPort}`;
  const headers = { connection: "close" };
  const answer = await fetch(`${base}/any/path`, { headers });
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await answer.text()).toContain("flyte_agent_plugin_ready");
  expect((await fetch(base, { method: "POST", body: "x", headers })).status).toBe(405);
});

test("a broken plugin fails the start where the configuration says so", async () => {
  const { server } = await serve({ plugins: ["jobs", "broken-import"], onFailure: "abort", untilLoaded: false });
  await expect(server.pluginsStarted).rejects.toMatchObject({
    code: "plugin_unavailable",
    message: expect.stringMatching(
      /^plugin "broken-import" could not be loaded: its module threw an error while it was loaded \(.*:\d+:\d+\)\. To fix it: see the error that was logged; update the plugin, or disable it with plugins\.disabled: \[broken-import\]$/,
    ),
  });
});
