import { connect, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { type RunningServer, startServe } from "./command.ts";
import { createProject } from "./project.ts";

// Node takes some thirty files for itself, and a tenth is kept for what is not a connection.
const openFiles = 120;

function open(port: number): Promise<Socket> {
  const socket = connect(port, "localhost");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  return new Promise((resolve) => socket.once("connect", () => resolve(socket)));
}

async function listAgents(server: RunningServer): Promise<number> {
  const init = { method: "POST", headers: { "content-type": "application/json", connection: "close" }, body: "{}" };
  const answer = await fetch(`${server.baseUrl}/flyteidl.service.AgentMetadataService/ListAgents`, init);
  return answer.status;
}

it.skipIf(process.platform !== "linux")(
  "refuses connections before the last file is open, and says so once",
  async () => {
    await using project = await createProject(["flyte-agent-tick"]);
    await project.addPlugin("flyte-agent-tick");
    await using server = await startServe(project.directory, ["--log-format", "json"], {}, `-n ${openFiles}`);
    const [, metricsPort] = await server.printed(/"metrics_port":(\d+)/);
    const sockets = await Promise.all(Array.from({ length: openFiles }, () => open(server.port)));
    await server.printed(/"limit":120,"message":"new connections are refused: too few file descriptors are left/);
    await expect(listAgents(server)).rejects.toThrow();

    // What was kept is there for the metrics.
    const scrape = async (): Promise<string> => await (await fetch(`http://localhost:${metricsPort}/metrics`)).text();
    const metrics = await scrape();
    const numberOf = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(metrics)?.[1]);
    const accepted = numberOf("flyte_agent_connections");
    expect(accepted).toBeGreaterThan(20);
    // The call that was refused is one of them.
    expect(accepted + numberOf("flyte_agent_refused_connections_total")).toBeGreaterThan(openFiles);

    for (const socket of sockets) socket.destroy();
    await expect.poll(scrape).toMatch(/^flyte_agent_connections 0$/m);
    expect(await listAgents(server)).toBe(200);

    server.process.kill("SIGTERM");
    const { stdout } = await server.ended;
    expect(stdout.match(/new connections are refused/g)).toHaveLength(1);
  },
);
