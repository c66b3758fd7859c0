import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { startServe } from "./command.ts";
import { createProject, type Project } from "./project.ts";

const command = fileURLToPath(new URL("../bin/flyte-agent.mjs", import.meta.url));
const manifest = { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: "talk", mode: "sync", agent: "Talker" }] };

/** A plugin whose agent writes a log line of `custom.bytes`, or prints as `custom.prints` says. */
const source = `
import { definePlugin, defineSyncAgent, succeeded } from "@flyte-agent/sdk";
const prints = {
  log: () => console.log("hello %s", "there", { a: 1 }),
  table: () => console.table([{ a: 1 }]),
  stdout: () => process.stdout.write("no line break"),
  bytes: () => new Promise((done) => process.stdout.write(Buffer.from("bytes\\n"), done)),
  error: () => console.error("to standard error"),
};
export default definePlugin({
  setup: () => [
    defineSyncAgent({
      name: "Talker",
      taskType: "talk",
      async do({ custom }, { log }) {
        await prints[custom.prints]?.();
        if (custom.bytes !== undefined) log.info("x".repeat(custom.bytes));
        return succeeded();
      },
    }),
  ],
});
`;

async function talkProject(): Promise<Project> {
  const project = await createProject(["flyte-agent-talk"]);
  await project.addPlugin("flyte-agent-talk", { manifest, source });
  return project;
}

/** Calls the agent through its create and get, which Flyte 2 does; that needs no stream. */
async function talk(baseUrl: string, custom: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await fetch(`${baseUrl}/flyteidl2.connector.AsyncConnectorService/CreateTask`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ template: { type: "talk", custom } }),
    signal: AbortSignal.timeout(10_000),
  });
  expect({ status: answer.status, text: await answer.text() }).toMatchObject({ status: 200 });
}

/** A server whose standard output goes where the test says; its addresses are read from standard error. */
async function serveInto(project: Project, stdout: "pipe" | number) {
  const args = [command, "serve", "--port", "0", "--prometheus-port", "0"];
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: project.directory,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", stdout, "pipe"],
  });
  let told = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  await expect.poll(() => told, { timeout: 15_000 }).toContain("flyte-agent doctor");
  const [, port] = /agents\s+http:\/\/localhost:(\d+)/.exec(told) ?? [];
  const [, metricsUrl = ""] = /metrics\s+(\S+)/.exec(told) ?? [];
  return {
    child,
    baseUrl: `http://localhost:${port}`,
    metrics: async () => (await fetch(metricsUrl)).text(),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    },
  };
}

interface Line {
  readonly message: string;
  readonly dropped?: number;
}

async function droppedIn(metrics: () => Promise<string>): Promise<number> {
  return Number(/^flyte_agent_dropped_log_lines_total (\d+)/m.exec(await metrics())?.[1]);
}

describe("standard output", () => {
  it("that nobody reads holds up no call; lines beyond a mebibyte are dropped and counted", {
    timeout: 60_000,
  }, async () => {
    await using project = await talkProject();
    await using server = await serveInto(project, "pipe");
    const sent = 30;
    for (let count = 0; count < sent; count++) await talk(server.baseUrl, { bytes: 100_000 });
    const dropped = await droppedIn(server.metrics);
    expect(dropped).toBeGreaterThan(0);

    let text = "";
    server.child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    await expect.poll(() => text, { timeout: 15_000 }).toContain("log lines were lost");
    server.child.kill("SIGTERM");
    await once(server.child, "close");
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line): Line => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: "warn",
        dropped,
        message: "log lines were lost, since standard output took no more",
      }),
    );
    expect(lines.at(-1)?.message).toBe("stopped");
    const isOfCall = ({ message }: Line): boolean => message.startsWith("xxx") || message === "create";
    expect(lines.filter(isOfCall).length + dropped).toBe(2 * sent);
  });

  it("that nobody reads does not hold up the end either", { timeout: 60_000 }, async () => {
    await using project = await talkProject();
    await using server = await serveInto(project, "pipe");
    for (let count = 0; count < 3; count++) await talk(server.baseUrl, { bytes: 100_000 });
    server.child.kill("SIGTERM");
    expect(await once(server.child, "exit")).toEqual([0, null]);
  });

  it("loses nothing at the end to a reader that reads", { timeout: 60_000 }, async () => {
    await using project = await talkProject();
    await using server = await serveInto(project, "pipe");
    for (let count = 0; count < 8; count++) await talk(server.baseUrl, { bytes: 100_000 });
    server.child.kill("SIGTERM");
    let text = "";
    server.child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    await once(server.child, "close");
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line): Line => JSON.parse(line)).filter(({ message }) => message.startsWith("xxx"))).toHaveLength(
      8,
    );
    expect(lines.at(-1)).toContain('"stopped"');
  });

  it("whose reader has gone does not end the server", { timeout: 60_000 }, async () => {
    await using project = await talkProject();
    await using server = await serveInto(project, "pipe");
    server.child.stdout?.destroy();
    for (let count = 0; count < 15; count++) await talk(server.baseUrl, { bytes: 100_000, prints: "log" });
    expect(await droppedIn(server.metrics)).toBeGreaterThan(0);
    server.child.kill("SIGTERM");
    expect(await once(server.child, "exit")).toEqual([0, null]);
  });

  it.runIf(process.platform === "linux")("on a full disk does not end the server", { timeout: 60_000 }, async () => {
    await using project = await talkProject();
    await using full = await open("/dev/full", "w");
    await using server = await serveInto(project, full.fd);
    for (let count = 0; count < 15; count++) await talk(server.baseUrl, { bytes: 100_000, prints: "log" });
    expect(await droppedIn(server.metrics)).toBeGreaterThan(0);
    server.child.kill("SIGTERM");
    expect(await once(server.child, "exit")).toEqual([0, null]);
  });
});

describe("what a plugin prints", () => {
  it("becomes log lines, so that standard output holds nothing but JSON", async () => {
    await using project = await talkProject();
    await using server = await startServe(project.directory);
    for (const prints of ["log", "table", "stdout", "bytes", "error"]) await talk(server.baseUrl, { prints });
    server.process.kill("SIGTERM");
    const { code, stdout, stderr } = await server.ended;
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const printed = lines.filter((line) => line.printed === "stdout");
    expect(printed).toEqual([
      expect.objectContaining({ level: "info", plugin: "talk", message: "hello there { a: 1 }" }),
      expect.objectContaining({ message: expect.stringContaining("(index)") }),
      expect.objectContaining({ message: "no line break" }),
      expect.objectContaining({ message: "bytes" }),
    ]);
    expect(stderr).toContain("to standard error\n");
  });

  it("to standard error becomes log lines, too, where a JSON log is asked for", async () => {
    await using project = await talkProject();
    await using server = await startServe(project.directory, ["--log-format", "json"]);
    await talk(server.baseUrl, { prints: "error" });
    server.process.kill("SIGTERM");
    const { stdout, stderr } = await server.ended;
    expect(stderr).toBe("");
    expect(stdout).toMatch(/"level":"warn".*"printed":"stderr","plugin":"talk","message":"to standard error"/);
  });
});
