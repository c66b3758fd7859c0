import { describe, expect, it } from "vitest";
import { type RunningServer, runCommand, startCommand, startServe } from "./command.ts";
import { createProject, type Project } from "./project.ts";

const manifest = {
  manifestVersion: 1,
  apiVersion: 1,
  taskTypes: [{ name: "stray", mode: "sync", agent: "Stray" }],
};

/** A plugin whose agent does to the process what `custom.what` says, and answers after `custom.ms`. */
const source = `
import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { definePlugin, defineSyncAgent, succeeded } from "@flyte-agent/sdk";
import { loseConnection } from "vendor-client";

const strays = {
  rejects: () => void Promise.reject(new Error("nobody waits for this")),
  "tells a secret": async (secret) => {
    console.log("printed " + secret);
    Promise.reject(new Error("rejected " + secret, { cause: new Error("because of " + secret) }));
  },
  "rejects with nothing": () => void Promise.reject(),
  "rejects with a trap": () => void Promise.reject(Object.defineProperty(new Error(), "message", { get() { throw 1; } })),
  "rejects in a loop": () => void setInterval(() => Promise.reject(new Error("again and again")), 1),
  throws: () => void setTimeout(() => { throw new Error("thrown in a timer"); }),
  "throws in a loop": () => void setInterval(() => { throw new Error("thrown in a loop"); }, 2),
  emits: () => void setImmediate(() => new EventEmitter().emit("error", new Error("the connection is gone"))),
  "emits in the client": () => void setImmediate(loseConnection),
};

export default definePlugin({
  setup: () => [
    defineSyncAgent({
      name: "Stray",
      taskType: "stray",
      async do({ custom }, { secrets }) {
        strays[custom.what]?.(await secrets.find("stray_token"));
        await delay(custom.ms ?? 0);
        return succeeded();
      },
    }),
  ],
});
`;

const clientSource = `
import { EventEmitter } from "node:events";
export const loseConnection = () => new EventEmitter().emit("error", new Error("lost"));
`;

async function strayProject(): Promise<Project> {
  const project = await createProject(["flyte-agent-stray"]);
  await project.addPlugin("flyte-agent-stray", { manifest, source, dependencies: { "vendor-client": "1.0.0" } });
  await project.write("node_modules/vendor-client/package.json", JSON.stringify({ type: "module", main: "index.js" }));
  await project.write("node_modules/vendor-client/index.js", clientSource);
  return project;
}

/** Starts a server whose metrics can be read, and a way to send its agent a task. */
async function serveStray(project: Project) {
  const server = await startServe(project.directory, ["--log-format", "json"], {
    _FSEC_STRAY_TOKEN: "hunter2-and-more",
  });
  const [, metricsPort] = await server.printed(/"metrics_port":(\d+)/);
  return {
    server,
    metrics: async () => (await fetch(`http://localhost:${metricsPort}/`)).text(),
    async run(what: string, ms = 0) {
      const task = await project.write(`${what}.json`, JSON.stringify({ type: "stray", custom: { what, ms } }));
      return runCommand(project.directory, ["run", task, "--endpoint", `localhost:${server.port}`]);
    },
  };
}

interface Line {
  readonly message: string;
}

async function linesOf(server: RunningServer): Promise<{ readonly code: number | null; readonly lines: Line[] }> {
  const { code, stdout } = await server.ended;
  const lines = stdout.trimEnd().split("\n");
  return { code, lines: lines.map((line) => JSON.parse(line)) };
}

describe("a rejected promise that nobody waits for", () => {
  it("is logged with its plugin and counted, and the server goes on", async () => {
    await using project = await strayProject();
    const { server, metrics, run } = await serveStray(project);
    await using _ = server;
    expect((await run("rejects")).code).toBe(0);
    expect((await run("rejects with nothing")).code).toBe(0);
    expect((await run("rejects with a trap")).code).toBe(0);
    expect((await run("tells a secret")).code).toBe(0);
    expect((await run("nothing")).code).toBe(0);
    const text = await metrics();
    expect(text).toContain('flyte_agent_stray_errors_total{plugin="stray",kind="rejection"} 2');
    expect(text).toContain('flyte_agent_stray_errors_total{plugin="unknown",kind="rejection"} 2');
    server.process.kill("SIGTERM");
    const { code, lines } = await linesOf(server);
    expect(code).toBe(0);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: "a promise was rejected and nobody waited for it",
        plugin: "stray",
        error: expect.objectContaining({ message: "nobody waits for this" }),
      }),
    );
    const messages = lines.map(({ message }) => message);
    expect(messages).toContain("printed ***");
    expect(JSON.stringify(lines)).toContain("because of ***");
    expect(JSON.stringify(lines)).not.toContain("hunter2");
    expect(lines).toContainEqual(expect.objectContaining({ error: "it cannot be shown: looking at it throws" }));
  });

  it("is logged ten times a minute at most", async () => {
    await using project = await strayProject();
    const { server, metrics, run } = await serveStray(project);
    await using _ = server;
    expect((await run("rejects in a loop")).code).toBe(0);
    await expect.poll(metrics, { timeout: 10_000 }).toMatch(/kind="rejection"\} \d{2,}/);
    server.process.kill("SIGTERM");
    const { code, lines } = await linesOf(server);
    expect(code).toBe(0);
    expect(lines.filter(({ message }) => message.startsWith("a promise was rejected"))).toHaveLength(10);
    expect(lines).toContainEqual(expect.objectContaining({ message: "more errors were not caught" }));
  });
});

describe("an error that nobody caught", () => {
  it.each([
    ["throws", "thrown in a timer"],
    ["emits", "the connection is gone"],
    ["emits in the client", "lost"],
  ])("is logged with its plugin, and the server drains and ends with 1: %s", async (what, message) => {
    await using project = await strayProject();
    const { server, run } = await serveStray(project);
    await using _ = server;
    // The call itself is answered, though the error comes in its midst.
    expect((await run(what, 500)).code).toBe(0);
    const { code, lines } = await linesOf(server);
    expect(code).toBe(1);
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: "an error was not caught",
        plugin: "stray",
        error: expect.objectContaining({ message }),
      }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ message: "stopping", reason: "an error was not caught" }));
    expect(lines.at(-1)).toMatchObject({ message: "stopped" });
  });

  it("may be followed by others without end: the drain goes on, the log does not grow", async () => {
    await using project = await strayProject();
    const { server, run } = await serveStray(project);
    await using _ = server;
    expect((await run("throws in a loop", 500)).code).toBe(0);
    const { code, lines } = await linesOf(server);
    expect(code).toBe(1);
    expect(lines.filter(({ message }) => message === "an error was not caught")).toHaveLength(10);
    expect(lines.map(({ message }) => message)).toContain("stopped");
  });

  it("ends a server whose plugins are still being loaded", async () => {
    await using project = await createProject(["flyte-agent-stray"]);
    await project.addPlugin("flyte-agent-stray", {
      manifest,
      source: `setTimeout(() => { throw new Error("thrown at import"); }); await new Promise((done) => setTimeout(done, 3_000));`,
    });
    const args = ["serve", "--port", "0", "--prometheus-port", "0", "--log-format", "json"];
    await using server = startCommand(project.directory, args);
    const { code, stdout } = await server.ended;
    expect(code).toBe(1);
    expect(stdout).toContain('"plugin":"stray","error":{"type":"Error","message":"thrown at import"');
  });
});

describe("run", () => {
  it("goes on after a rejected promise that nobody waits for, and shows it", async () => {
    await using project = await strayProject();
    const task = await project.write(
      "task.json",
      JSON.stringify({ type: "stray", custom: { what: "rejects", ms: 200 } }),
    );
    const { code, stderr } = await runCommand(project.directory, ["run", task]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("nobody waits for this") });
    expect(stderr).toContain("plugin=stray");
  });

  it("ends with 1 after an error that nobody caught, and lets go of the job", async () => {
    await using project = await strayProject();
    const task = await project.write(
      "task.json",
      JSON.stringify({ type: "stray", custom: { what: "throws", ms: 60_000 } }),
    );
    const { code, stderr } = await runCommand(project.directory, ["run", task]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("thrown in a timer") });
    expect(stderr).toContain("interrupted; there is no job to delete");
  });
});
