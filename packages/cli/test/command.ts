import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../bin/flyte-agent.mjs", import.meta.url));

/** The end of a command. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCommand extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until the output, both streams together, matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/**
 * Starts `flyte-agent` in a directory, as a process of its own.
 *
 * @param limits what the shell's `ulimit` is told, such as `-n 100`.
 */
export function startCommand(
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  limits?: string,
): RunningCommand {
  const node = [process.execPath, command, ...args];
  const child = spawn("sh", ["-c", `${limits === undefined ? "" : `ulimit ${limits} && `}exec "$@"`, "sh", ...node], {
    cwd: directory,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8");
    child[name].on("data", (text: string) => {
      texts[name] += text;
    });
  }
  const ended = once(child, "close").then(([code]): Ended => ({ code, ...texts }));
  const both = (): string => texts.stdout + texts.stderr;
  return {
    process: child,
    ended,
    async printed(pattern) {
      for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
        const match = pattern.exec(both());
        if (match !== null) return match;
        if (child.exitCode !== null) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`never printed ${pattern}:\n${both()}`);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Runs `flyte-agent` to its end. */
export function runCommand(
  directory: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<Ended> {
  return startCommand(directory, args, env).ended;
}

/** A server that listens. */
export interface RunningServer extends RunningCommand {
  readonly port: number;
  readonly baseUrl: string;
}

/** Starts `flyte-agent serve` on a free port and waits until its plugins are started. */
export async function startServe(
  directory: string,
  args: readonly string[] = [],
  env?: Readonly<Record<string, string>>,
  limits?: string,
): Promise<RunningServer> {
  const running = startCommand(directory, ["serve", "--port", "0", "--prometheus-port", "0", ...args], env, limits);
  const [, port] = await running.printed(/"port":(\d+)/);
  await running.printed(/"message":"plugins started"/);
  return { ...running, port: Number(port), baseUrl: `http://localhost:${port}` };
}
