import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, realpath } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { type Ended, runCommand, startServe } from "./command.ts";
import { createProject, type Project, tickManifest, tickSource } from "./project.ts";

/** Importing such a plugin leaves a trace on standard output. */
const loud = { source: 'console.log("plugin code ran");' };

async function project(): Promise<Project> {
  const made = await createProject(["flyte-agent-tick", "flyte-agent-typo"]);
  await made.addPlugin("flyte-agent-tick", loud);
  const taskTypes = [{ name: "typo", mod: "sync" }];
  await made.addPlugin("flyte-agent-typo", { ...loud, manifest: { manifestVersion: 1, apiVersion: 1, taskTypes } });
  const hidden = { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: "hidden" }] };
  await made.addPlugin("flyte-agent-hidden", { ...loud, manifest: hidden });
  return made;
}

describe("list", () => {
  it("shows what is served and what is rejected, with the key of a typo and the nearest known one", async () => {
    await using made = await project();
    const { code, stdout, stderr } = await runCommand(made.directory, ["list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/flyte-agent-tick\s+1\.2\.3\s+accepted\s+tick@0 \(async\), echo@0 \(sync\)\s+dependency/);
    expect(stdout).toMatch(/flyte-agent-typo is rejected: .*taskTypes\[0\]\.mod .*did you mean "mode"\?/);
    expect(stdout).not.toContain("flyte-agent-hidden");
    expect(stderr).toContain("flyte-agent list --all");
    expect(stdout).not.toContain("plugin code ran");
  });

  it("shows with --all what is inactive, with the line that activates it", async () => {
    await using made = await project();
    const { stdout } = await runCommand(made.directory, ["list", "--all"]);
    expect(stdout).toMatch(/flyte-agent-hidden is inactive[\s\S]*npm install flyte-agent-hidden/);
  });

  it("prints JSON", async () => {
    await using made = await project();
    const { code, stdout } = await runCommand(made.directory, ["list", "--all", "--json"]);
    expect(code).toBe(0);
    const { plugins } = JSON.parse(stdout);
    expect(plugins.map(({ package: name, state }: Record<string, string>) => [name, state])).toEqual([
      ["flyte-agent-tick", "accepted"],
      ["flyte-agent-typo", "rejected"],
      ["flyte-agent-hidden", "inactive"],
    ]);
    expect(plugins[0].taskTypes[1]).toEqual({ name: "echo", version: 0, mode: "sync", agent: "Echo", served: true });
  });

  it("asks a running server", async () => {
    await using made = await createProject(["flyte-agent-tick"]);
    await made.addPlugin("flyte-agent-tick");
    await using server = await startServe(made.directory);
    const { code, stdout } = await runCommand("/", ["list", "--endpoint", `localhost:${server.port}`]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/flyte-agent-tick\s+1\.2\.3\s+ready/);
  });

  it("says in one line that no server answers, or that what answers is none", async () => {
    const closed = await runCommand("/", ["list", "--endpoint", "localhost:1"]);
    expect(closed).toMatchObject({ code: 1, stdout: "" });
    expect(closed.stderr).toMatch(/^flyte-agent: no agent server answers at localhost:1 .*\n$/);
    const other = createServer((_request, response) => void response.end("hello")).listen(0);
    await once(other, "listening");
    // A server that listens on a port has an address of this form.
    const { port } = other.address() as AddressInfo;
    const wrong = await runCommand("/", ["list", "--endpoint", `localhost:${port}`]);
    other.close();
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/^flyte-agent: .*\n$/);
    const unreadable = await runCommand("/", ["list", "--endpoint", "somewhere"]);
    expect(unreadable.code).toBe(2);
    expect(unreadable.stderr).toContain("host:port");
  });
});

describe("--endpoint with TLS", () => {
  it("tells cleartext from TLS, and a certificate that is not trusted", async () => {
    await using made = await createProject();
    const certificate = join(made.directory, "tls.crt");
    const key = join(made.directory, "tls.key");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const openssl = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, "-out", certificate, "-keyout", key];
    execFileSync("openssl", openssl, { stdio: "ignore" });
    const files = ["--tls-cert-file", certificate, "--tls-key-file", key];
    await using secure = await startServe(made.directory, files);
    await using plain = await startServe(made.directory);
    const list = (endpoint: string, env?: Record<string, string>): Promise<Ended> =>
      runCommand("/", ["list", "--endpoint", endpoint], env);
    expect((await list(`localhost:${secure.port}`)).stderr).toMatch(
      /^flyte-agent: no agent server answers at localhost:\d+ \(.*\): if it speaks TLS, write https:\/\/localhost:\d+, else correct/,
    );
    expect((await list(`https://localhost:${plain.port}`)).stderr).toMatch(
      /\): if it speaks no TLS, write localhost:\d+ \[/,
    );
    expect((await list(`https://localhost:${secure.port}`)).stderr).toMatch(
      /\(self-signed certificate.*\): if the certificate is the right one, name its authority's in SSL_CERT_FILE \[/,
    );
    expect((await list(`https://127.0.0.1:${secure.port}`, { NODE_EXTRA_CA_CERTS: certificate })).stderr).toMatch(
      /does not match certificate's altnames.*\): write a name that the certificate has \[/,
    );
    const trusted = await list(`https://localhost:${secure.port}`, { SSL_CERT_FILE: certificate });
    expect(trusted).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("why", () => {
  it("explains a package that is served, step by step", async () => {
    await using made = await project();
    const { code, stdout } = await runCommand(made.directory, ["why", "flyte-agent-tick"]);
    expect(code).toBe(0);
    expect(stdout).toContain("flyte-agent-tick 1.2.3 is accepted");
    expect(stdout).toContain("a dependency of the app root");
    expect(stdout).toContain("tick@0 (async)");
  });

  it("explains a task type, served or only declared", async () => {
    await using made = await project();
    const served = await runCommand(made.directory, ["why", "echo"]);
    expect(served.stdout).toContain('echo@0 is served by the plugin "tick"');
    const declared = await runCommand(made.directory, ["why", "flyte-agent-hidden"]);
    expect(declared.stdout).toContain("flyte-agent-hidden 1.2.3 is inactive");
    expect(declared.stdout).toMatch(/to fix it\s+npm install flyte-agent-hidden/);
  });

  it("explains a conflict with the lines to choose from", async () => {
    await using made = await createProject(["flyte-agent-one", "flyte-agent-two"]);
    await made.addPlugin("flyte-agent-one", loud);
    await made.addPlugin("flyte-agent-two", loud);
    const { stdout } = await runCommand(made.directory, ["why", "tick"]);
    expect(stdout).toContain("tick@0 is claimed by more than one plugin");
    expect(stdout).toContain('plugins: { routes: { "tick@0": "one" } }');
    expect(stdout).not.toContain("plugin code ran");
  });

  it("finds a plugin whose manifest has a mistake by the id that it claims", async () => {
    await using made = await project();
    const byDefault = await runCommand(made.directory, ["why", "typo"]);
    expect(byDefault).toMatchObject({ code: 0, stdout: expect.stringContaining("flyte-agent-typo 1.2.3 is rejected") });
    const manifest = { manifestVersion: 1, apiVersion: 1, id: "acme-t", taskTypes: [{ nam: "t" }] };
    await made.addPlugin("flyte-agent-typo", { ...loud, manifest });
    const claimed = await runCommand(made.directory, ["why", "acme-t"]);
    expect(claimed).toMatchObject({ code: 0, stdout: expect.stringContaining("flyte-agent-typo 1.2.3 is rejected") });
  });

  it("names the nearest for what it does not know", async () => {
    await using made = await project();
    const { code, stderr } = await runCommand(made.directory, ["why", "flyte-agent-tik"]);
    expect(code).toBe(1);
    expect(stderr).toContain('did you mean "flyte-agent-tick"?');
  });
});

describe("doctor", () => {
  const doctor = ["doctor", "--port", "0", "--prometheus-port", "0"];

  it("finds nothing wrong, and runs no code of plugins if it is not to", async () => {
    await using made = await createProject(["flyte-agent-tick"]);
    await made.addPlugin("flyte-agent-tick", loud);
    const { code, stdout, stderr } = await runCommand(made.directory, [...doctor, "--no-load"]);
    expect(stdout).toContain("note: the plugins were not loaded");
    expect(stdout).toContain("no problems found");
    expect(code).toBe(0);
    expect(stdout).toContain(made.directory);
    expect(stdout).toContain(process.versions.node);
    expect(stdout + stderr).not.toContain("plugin code ran");
  });

  it("prints the configuration of Flyte for what is served, and nothing else", async () => {
    await using made = await createProject(["flyte-agent-tick"]);
    await made.addPlugin("flyte-agent-tick");
    const { code, stdout, stderr } = await runCommand(made.directory, [...doctor, "--flyte"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [flyte1, older, flyte2] = parseAllDocuments(stdout).map((document) => document.toJS());
    expect(flyte1).toMatchObject({
      plugins: {
        "connector-service": {
          defaultConnector: {
            insecure: true,
            timeouts: { ExecuteTaskSync: expect.any(String), ListConnectors: expect.any(String) },
          },
        },
      },
    });
    expect(older).toHaveProperty(["plugins", "agent-service", "defaultAgent", "timeouts", "ListAgents"]);
    expect(flyte2).toHaveProperty(["tasks", "task-plugins", "default-for-task-types"], {
      echo: "connector-service",
      tick: "connector-service",
    });
    const timeouts = ["plugins", "connector-service", "defaultConnector", "timeouts"];
    expect(flyte2).toHaveProperty(timeouts);
    expect(flyte2).not.toHaveProperty([...timeouts, "ExecuteTaskSync"]);
  });

  it("checks options by the plugin's own schema, its set-up and its secrets, and says how to fix each", async () => {
    await using made = await createProject(["flyte-agent-tick", "flyte-agent-broken"]);
    const source = tickSource.replace("definePlugin({", '$& options: job, optionKeys: ["springs"],');
    const manifest = { ...tickManifest, secrets: ["Api_Key", "given", "mounted"] };
    await made.addPlugin("flyte-agent-tick", { source, manifest });
    await made.addPlugin("flyte-agent-broken", {
      manifest: { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: "broken" }] },
      source: 'console.log("noise");\nthrow new Error("boom");',
    });
    await made.write("flyte-agent.config.yaml", "config: { tick: { sprngs: 3 } }");
    await made.write("secrets/mounted", "hunter2-file");
    const env = { _FSEC_GIVEN: "hunter2-variable", FLYTE_SECRETS_DEFAULT_DIR: join(made.directory, "secrets") };
    const { code, stdout, stderr } = await runCommand(made.directory, doctor, env);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'problem: plugin "tick" needs the secret "Api_Key", which is nowhere to be found\n' +
        `  to fix it: set the variable _FSEC_API_KEY, or mount the file ${made.directory}/secrets/api_key\n`,
    );
    expect(stdout).toContain(
      'problem: plugin "tick" could not be loaded: config.tick.sprngs: no such option; did you mean "springs"?\n' +
        "  to fix it: correct config.tick in the configuration file and restart\n",
    );
    expect(stdout).toMatch(/problem: plugin "broken" could not be loaded: .* \(index\.js:2:7\)\n/);
    expect(stdout).toContain("3 problems found");
    expect(stdout).not.toMatch(/hunter2|noise/);
    expect(stderr).toMatch(/noise[\s\S]*Error: boom/);
  });

  it("prints JSON, whatever plugins print", async () => {
    await using made = await createProject(["flyte-agent-tick", "flyte-agent-typo"]);
    await made.addPlugin("flyte-agent-tick", { source: `${tickSource}\nconsole.log("noise");` });
    const { code, stdout } = await runCommand(made.directory, [...doctor, "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      facts: { "app root": made.directory },
      plugins: [
        { id: "tick", state: "accepted" },
        { id: "typo", state: "rejected" },
      ],
      problems: [
        { text: expect.stringContaining("flyte-agent-typo is rejected"), fix: "npm install flyte-agent-typo" },
      ],
      notes: [],
      flyte: [{ title: expect.stringContaining("Flyte 1") }, {}, { title: "Flyte 2" }],
    });
  });

  it("finds rejected plugins, and notes what is inactive", async () => {
    await using made = await project();
    const { code, stdout } = await runCommand(made.directory, [...doctor, "--no-load"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/problem: flyte-agent-typo is rejected: .*"mode"/);
    expect(stdout).toMatch(/note: flyte-agent-hidden is inactive: .*\n {2}npm install flyte-agent-hidden/);
    expect(stdout).toContain("1 problem found");
  });

  it("names the commands of the package manager that is in use", async () => {
    await using made = await project();
    await made.write("pnpm-lock.yaml", "");
    const { stdout } = await runCommand(made.directory, ["doctor", "--port", "0", "--prometheus-port", "0"]);
    expect(stdout).toContain("pnpm add flyte-agent-hidden, or");
    expect(stdout).not.toContain("npm install");
  });

  it("names --modules in the directory of a plugin", async () => {
    await using made = await createProject();
    await made.write("package.json", JSON.stringify({ name: "flyte-agent-mine", "flyte-agent": tickManifest }));
    for (const args of [["list"], ["doctor", "--port", "0", "--prometheus-port", "0"]]) {
      const { stdout } = await runCommand(made.directory, args);
      expect(stdout).toContain("no plugin is served here but the one of this directory could be");
      expect(stdout).toContain("npx flyte-agent serve --modules .");
    }
  });

  it("finds conflicts, a taken port and an empty app root", async () => {
    const taken = createServer().listen(0);
    await once(taken, "listening");
    // A server that listens on a port has an address of this form.
    const { port } = taken.address() as AddressInfo;
    await using two = await createProject(["flyte-agent-one", "flyte-agent-two"]);
    await two.addPlugin("flyte-agent-one");
    await two.addPlugin("flyte-agent-two");
    const args = ["doctor", "--port", String(port), "--prometheus-port", "off"];
    const conflict = await runCommand(two.directory, args);
    taken.close();
    expect(conflict.code).toBe(1);
    expect(conflict.stdout).toMatch(/problem: two plugins serve [\s\S]*flyte-agent-one[\s\S]*flyte-agent-two/);
    expect(conflict.stdout).toContain(`problem: port ${port} cannot be opened`);
    await using empty = await createProject();
    const nothing = await runCommand(empty.directory, ["doctor", "--port", "0", "--prometheus-port", "0"]);
    expect(nothing.code).toBe(1);
    expect(nothing.stdout).toContain("no plugin is served here");
  });

  it("knows a running server on its port", async () => {
    await using made = await createProject(["flyte-agent-tick"]);
    await made.addPlugin("flyte-agent-tick");
    await using server = await startServe(made.directory);
    const args = ["doctor", "--port", String(server.port), "--prometheus-port", "0"];
    const { code, stdout } = await runCommand(made.directory, args);
    expect(code).toBe(0);
    expect(stdout).toContain(`an agent server runs on port ${server.port} already`);
  });

  it("reports a broken configuration as a problem, beside what can be told without it", async () => {
    await using made = await createProject();
    await made.write("flyte-agent.config.yaml", "server: { port: x }\n");
    const { code, stdout } = await runCommand(made.directory, ["doctor"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/problem: .*flyte-agent\.config\.yaml:1:\d+: server\.port: got "x"/);
    expect(stdout).toContain(process.versions.node);
  });
});

it("says in one sentence that a directory on the way up may not be looked into", async () => {
  await using made = await createProject();
  const inside = join(await realpath(made.directory), "closed/inside");
  await mkdir(inside, { recursive: true });
  await chmod(made.directory, 0o755);
  // The shell stands in a directory that its user could not go to any more; root may look everywhere.
  const script = `chmod 000 .. && exec "$@"`;
  const node = [process.execPath, fileURLToPath(new URL("../bin/flyte-agent.mjs", import.meta.url)), "list"];
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(join(inside, ".."), 65_534, 65_534);
  const ended = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    execFile("sh", ["-c", script, "sh", ...node], { cwd: inside, ...user }, (error, _, stderr) =>
      resolve({ code: error?.code, stderr }),
    );
  });
  await chmod(join(inside, ".."), 0o755);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/^flyte-agent: .*closed\/inside\/.* cannot be read: .*EACCES.* \[invalid_config\]\n$/);
});

it("prints nothing but its list with a configuration in TypeScript", async () => {
  await using made = await createProject(["flyte-agent-tick"]);
  await made.addPlugin("flyte-agent-tick");
  await made.write("package.json", '{ "type": "module", "dependencies": { "flyte-agent-tick": "1" } }');
  await made.write("flyte-agent.config.ts", "const port: number = 8001;\nexport default { server: { port } };\n");
  expect(await runCommand(made.directory, ["list"])).toMatchObject({ code: 0, stderr: "" });
});

it("prints the JSON Schema of manifests", async () => {
  const { code, stdout } = await runCommand("/", ["schema", "manifest"]);
  expect(code).toBe(0);
  expect(Object.keys(JSON.parse(stdout).properties)).toEqual(expect.arrayContaining(Object.keys(tickManifest)));
  const config = await runCommand("/", ["schema", "config"]);
  expect(JSON.parse(config.stdout)).toMatchObject({ title: "Configuration of flyte-agent" });
  expect(await runCommand("/", ["schema", "task"])).toMatchObject({ code: 2 });
});

it("prints defaults, choices and examples in the help of a command", async () => {
  const help = (await runCommand("/", ["help", "serve"])).stdout.replaceAll(/\s+/g, " ");
  expect(help).toContain("--port <number> port of the agent services; 0 takes a free one (default: 8000)");
  expect(help).toContain("--log-level <debug|info|warn|error> how much is logged (default: info)");
  expect(help).toContain("Examples: flyte-agent serve --port 8001");
});

it("prints help without a command, and its version", async () => {
  const help = await runCommand("/", []);
  expect(help.code).toBe(0);
  for (const command of ["serve", "list", "why", "doctor", "run", "schema"])
    expect(help.stdout).toContain(`  ${command} `);
  const version = await runCommand("/", ["--version"]);
  expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});
