import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** How to start a peer. */
export interface ProcessOptions {
  /** Names its file of output in the evidence folder: `<name>.log`. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly evidenceFolder: string;
  /** Ends the peer. */
  readonly signal: AbortSignal;
  /** It is ready when it listens on this port of 127.0.0.1, or has printed this. */
  readonly ready: number | RegExp;
  /** How long that may take, in milliseconds. @default 180000 */
  readonly readyTimeoutMs?: number;
  readonly cwd?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A peer that runs. Disposing of it stops it. */
export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has printed so far, on stdout and stderr. */
  readonly output: string;
  /** Sends a signal to the process and everything that it started. */
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end (SIGTERM), cuts it after ten seconds (SIGKILL), and waits until everything that it started ended. */
  stop(): Promise<void>;
  /** Settles with its exit code when it has ended; `null` if a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts a peer in a process group of its own and waits until it is ready. Rejects, with what it printed, if it ends before. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, command, evidenceFolder, signal, ready, readyTimeoutMs = 180_000, cwd, env } = options;
  signal.throwIfAborted();
  await mkdir(evidenceFolder, { recursive: true });
  const [program, ...args] = command;
  const child = spawn(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(join(evidenceFolder, `${name}.log`), { flags: "a" });
  log.write(`$ ${command.join(" ")}\n`);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      log.write(text);
    });
  }
  const ended = endOf(child).finally(() => log.end());
  ended.catch(() => {});
  const cut = (): void => signalGroup(child, "SIGKILL");
  signal.addEventListener("abort", cut, { once: true });
  void ended.then(
    () => signal.removeEventListener("abort", cut),
    () => signal.removeEventListener("abort", cut),
  );

  const running: RunningProcess = {
    pid: child.pid ?? -1,
    get output() {
      return output;
    },
    kill: (name) => signalGroup(child, name),
    async stop() {
      signalGroup(child, "SIGTERM");
      const timer = setTimeout(cut, 10_000);
      await ended.finally(() => clearTimeout(timer));
    },
    ended,
    [Symbol.asyncDispose]: () => running.stop(),
  };
  let isEnded = false;
  void ended.then(
    () => (isEnded = true),
    () => (isEnded = true),
  );
  const endMs = Date.now() + readyTimeoutMs;
  while (!(await isReady(ready, output))) {
    if (isEnded) throw new Error(`${name} ended (${await ended}) before it was ready:\n${lastLines(output)}`);
    if (Date.now() > endMs) {
      cut();
      throw new Error(`${name} was not ready after ${readyTimeoutMs} ms (${ready}):\n${lastLines(output)}`);
    }
    await delay(50, undefined, { signal });
  }
  return running;
}

async function endOf(child: ChildProcess): Promise<number | null> {
  // `close`, not `exit`: it comes when nobody holds the other end of the pipes any more, so no server is left behind.
  const [code]: (number | null)[] = await once(child, "close");
  return code ?? null;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}

async function isReady(ready: number | RegExp, output: string): Promise<boolean> {
  return typeof ready === "number" ? await accepts(ready) : ready.test(output);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-30).join("\n");
}
