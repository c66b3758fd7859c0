import { readFileSync } from "node:fs";

/** A shell that npm, npx or Yarn started for a script, whose command this process is. */
export interface ScriptShell {
  readonly pid: number;
  /** The process of npm or Yarn itself. */
  readonly runnerPid: number;
}

/**
 * Finds the shell between npm and this process. At SIGTERM npm and its shell end and this process is not told, so that the
 * end of the shell is all that it hears. There is none where npm is not involved, where the script sends its command to the
 * background on purpose, where the shell has replaced itself by its command, and on systems without `/proc`.
 */
export function findScriptShell({ env, ppid: pid }: Pick<NodeJS.Process, "env" | "ppid">): ScriptShell | undefined {
  // Set by npm, and by those that run scripts as npm does.
  if (env.npm_execpath === undefined) return undefined;
  try {
    const [, option, command = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (option !== "-c" || detaching.test(command)) return undefined;
    // proc_pid_stat(5): the parent is the second field after the name, which is in parentheses and may hold anything.
    const [, runnerPid] = /^.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return { pid, runnerPid: Number(runnerPid) };
  } catch {
    return undefined;
  }
}

/** `&` that is not `&&` and joins no files (`2>&1`, `&>`), or a command for the same purpose. */
const detaching = /(?<![&>])&(?![&>])|\b(?:nohup|setsid|disown)\b/;
