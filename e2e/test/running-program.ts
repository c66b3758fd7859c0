import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A program that runs beside the test. Disposing of it ends it and everything that it started. */
export interface RunningProgram extends AsyncDisposable {
  /** What it has printed so far, on stdout and stderr. */
  readonly output: string;
  /** Waits until it has printed this; fails if it ends before, with what it printed. */
  printed(pattern: RegExp): Promise<void>;
  /** Sends a signal to the program alone, as `kill` does. */
  signal(name: NodeJS.Signals): void;
  /** Sends a signal to the program and everything that it started, as a terminal and systemd do. */
  signalAll(name: NodeJS.Signals): void;
  /**
   * Waits until it has ended, and everything that it started and that could still print. `code` is null if a signal ended
   * it.
   */
  ended(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** How to start a program. */
export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a program in a process group of its own. */
export function startProgram(command: readonly [string, ...string[]], options: ProgramOptions): RunningProgram {
  const [program, ...args] = command;
  const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const end = endOf(child);
  let output = "";
  let onOutput = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      onOutput.resolve();
      onOutput = Promise.withResolvers();
    });
  }
  return {
    get output() {
      return output;
    },
    async printed(pattern) {
      while (!pattern.test(output)) {
        const ended = await Promise.race([onOutput.promise, end]);
        if (ended !== undefined && !pattern.test(output)) {
          throw new Error(`${command.join(" ")} ended (${ended.signal ?? ended.code}) without ${pattern}:\n${output}`);
        }
      }
    },
    signal: (name) => void child.kill(name),
    signalAll: (name) => signalGroup(child, name),
    ended: () => end,
    async [Symbol.asyncDispose]() {
      signalGroup(child, "SIGKILL");
      await end;
    },
  };
}

async function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  // `close`, not `exit`: it comes when nobody holds the other end of the pipes any more, so no server is left behind.
  const [code, signal] = await once(child, "close");
  return { code, signal };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}
