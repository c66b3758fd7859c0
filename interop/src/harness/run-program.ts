import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/** How to run a program. */
export interface ProgramOptions {
  readonly signal: AbortSignal;
  /** @default the working directory of this process */
  readonly cwd?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given on standard input. @default nothing */
  readonly input?: string;
  /** Gets everything that the program prints, after a line with the command. */
  readonly logFile?: string;
  /** Told of each line that the program prints. */
  readonly onLine?: (line: string) => void;
}

/** How a program ended. */
export interface ProgramEnd {
  /** `null` if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, whatever its exit code is. Rejects if it cannot be started or the signal aborts it, which ends
 * everything that it started, too.
 */
export async function runProgram(
  command: readonly [string, ...string[]],
  { signal, cwd, env, input = "", logFile, onLine }: ProgramOptions,
): Promise<ProgramEnd> {
  const [program, ...args] = command;
  // Before the start: Node drops what a program prints that ends while nobody listens.
  const log = logFile === undefined ? undefined : await openLog(logFile, command);
  signal.throwIfAborted();
  const child = spawn(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    // A process group of its own, which can be ended as a whole.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const cut = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  signal.addEventListener("abort", cut, { once: true });
  const closed = once(child, "close");
  // It may end without having read everything.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    let rest = "";
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
      log?.write(text);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine?.(line);
    });
  }
  try {
    const [code]: (number | null)[] = await closed;
    signal.throwIfAborted();
    return { code: code ?? null, ...texts };
  } finally {
    signal.removeEventListener("abort", cut);
    log?.end();
  }
}

/** Runs a program that has to succeed. @returns what it printed on stdout. */
export async function runToSuccess(command: readonly [string, ...string[]], options: ProgramOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram(command, options);
  if (code === 0) return stdout;
  const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n");
  throw new Error(`${command.join(" ")} ended with ${code ?? "a signal"}:\n${said}`);
}

async function openLog(file: string, command: readonly string[]) {
  await mkdir(dirname(file), { recursive: true });
  const log = createWriteStream(file, { flags: "a" });
  log.write(`$ ${command.join(" ")}\n`);
  return log;
}
