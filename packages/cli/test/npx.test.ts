import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createProject, type Project } from "./project.ts";

const command = fileURLToPath(new URL("../bin/flyte-agent.mjs", import.meta.url));
const ports = ["--port", "0", "--prometheus-port", "0"];

async function installedProject(): Promise<Project> {
  const project = await createProject(["flyte-agent-tick"]);
  await project.addPlugin("flyte-agent-tick");
  await project.write("node_modules/.bin/.keep", "");
  await symlink(command, join(project.directory, "node_modules/.bin/flyte-agent"));
  const scripts = {
    start: `flyte-agent serve ${ports.join(" ")}`,
    daemon: `flyte-agent serve ${ports.join(" ")} & sleep 2`,
  };
  const dependencies = { "flyte-agent-tick": "1.2.3" };
  await project.write("package.json", JSON.stringify({ name: "app", private: true, dependencies, scripts }));
  return project;
}

/** A program in a process group of its own, with everything that it starts. */
interface Group extends AsyncDisposable {
  readonly output: () => string;
  readonly process: ChildProcess;
  /** Settles when nobody can print any more. */
  readonly closed: Promise<unknown>;
}

function start(directory: string, [program = "", ...args]: readonly string[]): Group {
  const { npm_execpath: _, ...env } = process.env;
  const child = spawn(program, args, { cwd: directory, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (text += part));
  const closed = once(child, "close");
  return {
    output: () => text,
    process: child,
    closed,
    async [Symbol.asyncDispose]() {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // All have ended.
      }
      await closed;
    },
  };
}

const generous = { timeout: 30_000, interval: 50 };

// Elsewhere there is no /proc to look into.
describe.runIf(process.platform === "linux")("started by npm", () => {
  it.each([
    ["npx", ["npx", "--no", "flyte-agent", "serve", ...ports]],
    ["npm start", ["npm", "start"]],
    ["npm exec", ["npm", "exec", "--no", "--", "flyte-agent", "serve", ...ports]],
  ])("drains and ends when %s gets a SIGTERM", { timeout: 60_000 }, async (_, args) => {
    await using project = await installedProject();
    await using group = start(project.directory, args);
    await expect.poll(group.output, generous).toContain('"plugins started"');
    // Only the first process gets it, as from a supervisor; npm keeps it for itself.
    group.process.kill("SIGTERM");
    await group.closed;
    expect(group.output()).toMatch(/"reason":"(the end of its parent|SIGTERM)"/);
    expect(group.output()).toContain('"message":"stopped"');
  });

  it("goes on when the script sent it to the background", { timeout: 60_000 }, async () => {
    await using project = await installedProject();
    await using group = start(project.directory, ["npm", "run", "daemon"]);
    await once(group.process, "exit");
    await expect.poll(group.output, generous).toContain('"plugins started"');
    await new Promise((done) => setTimeout(done, 1000));
    expect(group.output()).not.toContain('"stopping"');
  });

  it.runIf(canBeFirst())("warns where npm is process 1, whose end kills all", { timeout: 60_000 }, async () => {
    await using project = await installedProject();
    const first = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"];
    await using group = start(project.directory, [...first, "npx", "--no", "flyte-agent", "serve", ...ports]);
    await expect.poll(group.output, generous).toContain('"plugins started"');
    expect(group.output()).toContain(
      "npm (or Yarn) is process 1: SIGTERM kills the server with its open calls; start node_modules/.bin/",
    );
  });
});

/** Whether this machine lets us start a process 1. */
function canBeFirst(): boolean {
  try {
    execFileSync("unshare", ["--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "true"], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}
