import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { withBuildLock } from "../src/harness/build-lock.ts";
import { freePort } from "../src/harness/free-port.ts";
import { runProgram, runToSuccess } from "../src/harness/run-program.ts";
import { startProcess } from "../src/harness/start-process.ts";

const { signal } = new AbortController();

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "interop-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const node = (code: string): [string, ...string[]] => [process.execPath, "-e", code];

test("a program's end is told, its output kept, its lines as they come", async () => {
  const logFile = join(await folder(), "deep/er.log");
  const lines: string[] = [];
  const program = node(`process.stdin.pipe(process.stdout); process.stdin.on("end", () => process.exitCode = 3)`);
  const options = { signal, logFile, input: "one\ntwo\n", onLine: (line: string) => lines.push(line) };
  expect(await runProgram(program, options)).toEqual({ code: 3, stdout: "one\ntwo\n", stderr: "" });
  expect(lines).toEqual(["one", "two"]);
  await expect(runToSuccess(program, options)).rejects.toThrow(/ended with 3:\none\ntwo/);
  expect(await readFile(logFile, "utf8")).toMatch(/^\$ .*\none\ntwo\n/);
});

test("a program that ends before anybody listens loses no output", async () => {
  const running = runProgram(["echo", "one"], { signal, logFile: join(await folder(), "very/deep/er.log") });
  // The program ends while nothing else can go on here.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  expect(await running).toEqual({ code: 0, stdout: "one\n", stderr: "" });
});

test("a program is ended with what it started", async () => {
  const port = await freePort();
  const stop = new AbortController();
  const child = `require("net").createServer().listen(${port}, "127.0.0.1", () => console.log("up"))`;
  const program = node(
    `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" })`,
  );
  const running = runProgram(program, { signal: stop.signal, onLine: () => stop.abort(new Error("enough")) });
  await expect(running).rejects.toThrow("enough");
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
});

test("a peer is ready when it listens, and gone when it is stopped", async () => {
  const port = await freePort();
  const evidenceFolder = await folder();
  const code = `setTimeout(() => require("http").createServer((q, s) => s.end("hi")).listen(${port}, "127.0.0.1"), 100); console.log("up")`;
  const peer = await startProcess({ name: "peer", command: node(code), evidenceFolder, signal, ready: port });
  expect(await (await fetch(`http://127.0.0.1:${port}`, { headers: { connection: "close" } })).text()).toBe("hi");
  await peer.stop();
  expect(await peer.ended).toBe(null);
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  expect(await readFile(join(evidenceFolder, "peer.log"), "utf8")).toMatch(/\nup\n$/);
});

test("a peer that ends or stays silent is an error with what it printed", async () => {
  const start = async (code: string) =>
    await startProcess({
      name: "peer",
      command: node(code),
      evidenceFolder: await folder(),
      signal,
      ready: /never/,
      readyTimeoutMs: 1_500,
    });
  await expect(start(`console.error("cannot"); process.exitCode = 4`)).rejects.toThrow(
    /ended \(4\) before it was ready:\ncannot/,
  );
  await expect(start(`console.log("hm"); setInterval(() => {}, 1000)`)).rejects.toThrow(
    /not ready after 1500 ms.*:\nhm/,
  );
});

test("a peer ends with the run", async () => {
  const stop = new AbortController();
  const code = `console.log("up"); process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)`;
  const peer = await startProcess({
    name: "peer",
    command: node(code),
    evidenceFolder: await folder(),
    signal: stop.signal,
    ready: /up/,
  });
  stop.abort();
  expect(await peer.ended).toBe(null);
});

test("one build at a time; the lock of a process that died is taken over", async () => {
  const cache = await folder();
  let running = 0;
  const build = () =>
    withBuildLock(cache, signal, async () => {
      running += 1;
      expect(running).toBe(1);
      await delay(20);
      running -= 1;
    });
  await Promise.all([build(), build()]);
  const code = `require("fs").writeFileSync(${JSON.stringify(join(cache, "build.lock"))}, String(process.pid))`;
  await runToSuccess(node(code), { signal });
  await build();
});
