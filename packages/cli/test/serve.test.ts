import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { grpcHealth, grpcReflection1 } from "@flyte-agent/idl";
import { describe, expect, it } from "vitest";
import { runCommand, startCommand, startServe } from "./command.ts";
import { createProject, type Project } from "./project.ts";

async function tickProject(): Promise<Project> {
  const project = await createProject(["flyte-agent-tick"]);
  await project.addPlugin("flyte-agent-tick");
  return project;
}

describe("serve", () => {
  it("starts beside a Kubernetes service of its own name", async () => {
    await using project = await tickProject();
    const env = {
      FLYTE_AGENT_SERVICE_HOST: "10.0.0.1",
      FLYTE_AGENT_SERVICE_PORT: "8000",
      FLYTE_AGENT_PORT: "tcp://10.0.0.1:8000",
      FLYTE_AGENT_PROMETHEUS_PORT: "tcp://10.0.0.2:9090",
    };
    await using server = await startServe(project.directory, [], env);
    server.process.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0, stdout: expect.not.stringContaining("FLYTE_AGENT_PORT") });
    expect(await runCommand(project.directory, ["list"], env)).toMatchObject({ code: 0 });
  });

  it("answers JSON over HTTP/1.1, gRPC health and reflection", async () => {
    await using project = await tickProject();
    await using server = await startServe(project.directory);
    const answer = await fetch(`${server.baseUrl}/flyteidl.service.AgentMetadataService/ListAgents`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const { agents } = JSON.parse(await answer.text());
    expect(agents.map(({ name }: { name: string }) => name)).toEqual(["Echo", "Ticker"]);

    const transport = createGrpcTransport({ baseUrl: server.baseUrl });
    const { status } = await createClient(grpcHealth.Health, transport).check({ service: "" });
    expect(status).toBe(grpcHealth.HealthCheckResponse_ServingStatus.SERVING);
    const question = { messageRequest: { case: "listServices", value: "" } } as const;
    async function* questions() {
      yield question;
    }
    const names: string[] = [];
    for await (const { messageResponse } of createClient(
      grpcReflection1.ServerReflection,
      transport,
    ).serverReflectionInfo(questions())) {
      if (messageResponse.case !== "listServicesResponse") continue;
      names.push(...messageResponse.value.service.map(({ name }) => name));
    }
    expect(names).toContain("flyteidl.service.AsyncAgentService");
  });

  it("prints the table of agents, the addresses and a line to type that works", async () => {
    await using project = await tickProject();
    await using server = await startServe(project.directory);
    const [, url = ""] = await server.printed(/curl .*-d '\{\}' (\S+)/);
    expect(url).toContain(String(server.port));
    await server.printed(/Ticker\s+tick@0\s+async\s+tick 1\.2\.3\s+ready/);
    await server.printed(/Echo\s+echo@0\s+sync/);
    await server.printed(/app root\s+\S+/);
    await server.printed(/flyte-agent run \S+ --endpoint localhost:\d+/);
    const headers = { "content-type": "application/json" };
    expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(200);
  });

  it("prints nothing but JSON lines where a JSON log is asked for", async () => {
    await using project = await tickProject();
    await using server = await startServe(project.directory, ["--log-format", "json"]);
    server.process.kill("SIGTERM");
    const { stdout, stderr } = await server.ended;
    expect(stderr).toBe("");
    const messages = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).message);
    expect(messages).toEqual(["listening", "plugins started", "stopping", "stopped"]);
  });

  it("says that a port is taken and exits with 1", async () => {
    await using project = await tickProject();
    await using first = await startServe(project.directory);
    const { code, stderr } = await runCommand(project.directory, [
      ...["serve", "--port", String(first.port), "--prometheus-port", "0"],
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^flyte-agent: port ${first.port}: another program listens there already.*\\[port_unavailable\\]\\n$`),
    );
  });

  it("takes flags with underscores, --worker and --timeout as pyflyte does", async () => {
    await using project = await tickProject();
    const args = ["serve", "--port=0", "--prometheus_port=0", "--worker", "4", "--timeout", "0.3"];
    const { code, stdout } = await runCommand(project.directory, args);
    expect(code).toBe(0);
    expect(stdout).toContain("--worker has no effect");
    expect(stdout).toContain('"reason":"--timeout"');
  });

  it("ends with 0 on SIGTERM, after the open call is answered", async () => {
    await using project = await tickProject();
    await using server = await startServe(project.directory);
    const begun = join(project.directory, "begun");
    const task = await project.write("echo.json", JSON.stringify({ type: "echo", custom: { ms: 1500, begun } }));
    const call = runCommand(project.directory, ["run", task, "--endpoint", `localhost:${server.port}`]);
    await appears(begun);
    server.process.kill("SIGTERM");
    expect((await call).code).toBe(0);
    expect((await server.ended).code).toBe(0);
  });

  it("drains on SIGHUP, which a terminal sends when it is closed", async () => {
    await using project = await tickProject();
    await using server = await startServe(project.directory);
    server.process.kill("SIGHUP");
    expect(await server.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"reason":"SIGHUP"') });
  });

  it("ends at once on a second signal", async () => {
    await using project = await tickProject();
    await using server = await startServe(project.directory);
    const begun = join(project.directory, "begun");
    const task = await project.write("echo.json", JSON.stringify({ type: "echo", custom: { ms: 15_000, begun } }));
    await using call = startCommand(project.directory, ["run", task, "--endpoint", `localhost:${server.port}`]);
    await appears(begun);
    server.process.kill("SIGINT");
    // What npm does to a Ctrl-C: the same signal once more, within milliseconds. It must not count.
    server.process.kill("SIGINT");
    await server.printed(/"message":"stopping"/);
    await delay(800);
    expect(server.process.exitCode).toBeNull();
    server.process.kill("SIGTERM");
    const startMs = Date.now();
    expect((await server.ended).code).toBe(143);
    expect(Date.now() - startMs).toBeLessThan(5000);
    expect((await call.ended).code).toBe(1);
  });

  it("keeps its process id when it restarts itself with a small heap, and can be told not to", async () => {
    await using project = await tickProject();
    await using small = await startServe(project.directory);
    process.kill(small.process.pid ?? 0, "SIGTERM");
    expect((await small.ended).code).toBe(0);
    await using plain = await startServe(project.directory, [], { FLYTE_AGENT_NO_REEXEC: "1" });
    plain.process.kill("SIGTERM");
    const { code, stdout } = await plain.ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain("FLYTE_AGENT_NO_REEXEC");
  });

  it("serves the other plugins when one is broken, and does not start with --strict", async () => {
    await using project = await createProject(["flyte-agent-tick", "flyte-agent-broken"]);
    await project.addPlugin("flyte-agent-tick");
    const manifest = { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: "broken" }] };
    await project.addPlugin("flyte-agent-broken", { manifest, source: 'import "nowhere-to-be-found";' });
    await using server = await startServe(project.directory);
    await server.printed(/broken@0\s+async\s+broken 1\.2\.3\s+quarantined/);
    await server.printed(/"nowhere-to-be-found" is not installed[\s\S]*to fix it: npm install nowhere-to-be-found/);
    const strict = await runCommand(project.directory, [
      ...["serve", "--port", "0", "--prometheus-port", "0"],
      "--strict",
    ]);
    expect(strict.code).toBe(1);
    expect(strict.stderr).toContain("nowhere-to-be-found");
  });

  it("does not start with two plugins for one task type, and names both and the lines to choose from", async () => {
    await using project = await createProject(["flyte-agent-one", "flyte-agent-two"]);
    await project.addPlugin("flyte-agent-one");
    await project.addPlugin("flyte-agent-two");
    const { code, stderr } = await runCommand(project.directory, ["serve", "--port", "0", "--prometheus-port", "0"]);
    expect(code).toBe(1);
    expect(stderr).toContain("flyte-agent-one");
    expect(stderr).toContain("flyte-agent-two");
    expect(stderr).toContain(
      "choose in flyte-agent.config.yaml:\n" +
        '  plugins:\n    routes:\n      "echo@0": "one"  # or "two"\n      "tick@0": "one"  # or "two"\n'.trimEnd(),
    );
    expect(stderr).toContain("[plugin_conflict]");
  });

  it("names file, line and key of a broken configuration", async () => {
    await using project = await tickProject();
    await project.write("flyte-agent.config.yaml", "server:\n  prot: 8000\n");
    const { code, stderr } = await runCommand(project.directory, ["serve"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/flyte-agent\.config\.yaml:2:\d+: server\.prot is not a known key, did you mean "port"\?/);
  });

  it("does not start with options for a plugin that is not there", async () => {
    await using project = await tickProject();
    await project.write("flyte-agent.config.yaml", "config:\n  tikc: { allowedHosts: [a.example.com] }\n");
    const { code, stderr } = await runCommand(project.directory, ["serve", "--port", "0", "--prometheus-port", "0"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^flyte-agent: config\["tikc"\]: no plugin has the id "tikc", did you mean "tick"\? .*\n$/);
  });

  it("refuses unknown flags and values with 2", async () => {
    await using project = await tickProject();
    for (const [args, told] of [
      [["serve", "--prot", "1"], "Did you mean --port?"],
      [["serve", "--port", "x"], "--port"],
      [["serve", "--port", "8001", "--prometheus-port", "8001"], "are both 8001"],
      [["run", "nowhere.yaml"], "there is no such file"],
      [["run", "nowhere.yaml", "--config", "nowhere.yaml"], "there is no"],
      [["serve", "--timeout", "soon"], "number of seconds"],
      [["srve"], "Did you mean serve?"],
      [["serve", "extra"], "too many arguments"],
    ] as const) {
      const { code, stderr } = await runCommand(project.directory, args);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(told) });
    }
  });

  it("activates what --modules names, and refuses to start without it", async () => {
    await using project = await createProject();
    await project.addPlugin("flyte-agent-tick");
    await using server = await startServe(project.directory, ["--modules", "flyte-agent-tick"]);
    await server.printed(/tick@0/);
    const missing = await runCommand(project.directory, ["serve", "--modules", "flyte-agent-tock"]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain("npm install flyte-agent-tock");
  });
});

/** Waits until there is a file: the sign of a task that it has begun. */
async function appears(file: string): Promise<void> {
  while (!existsSync(file)) await delay(10);
}
