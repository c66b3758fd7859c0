/** As much of `process` as a restart needs. */
export type RestartableProcess = Pick<NodeJS.Process, "argv" | "env" | "execArgv" | "execPath" | "platform"> & {
  readonly execve?: NodeJS.Process["execve"];
  readonly channel?: unknown;
};

/** The environment variable that forbids the restart. */
export const noRestartVariable = "FLYTE_AGENT_NO_REEXEC";

/** V8's young generation in MiB: half spaces of this size keep a busy server small, and cost it no time. */
const semiSpaceMegabytes = 2;

/**
 * Replaces this process by one with a small young generation, if the command is `serve`. V8 takes the size on Node's
 * command line only; the process id stays the same. Returns where that is not wanted or not possible (Windows).
 */
export function restartWithSmallHeap(process: RestartableProcess): void {
  const restart = restartOf(process);
  if (restart === undefined) return;
  try {
    process.execve?.(process.execPath, [...restart.args], restart.env);
  } catch {
    // A system that forbids it: the server runs as it is, only larger.
  }
}

/** What the process would be replaced by; `undefined` if it stays. */
export function restartOf({
  argv,
  env,
  execArgv,
  execPath,
  platform,
  execve,
  channel,
}: RestartableProcess): { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv } | undefined {
  const [, script, command] = argv;
  // The flag itself also tells that the restart is done.
  const isConfigured = [env.NODE_OPTIONS ?? "", ...execArgv].some((text) => /max[-_]semi[-_]space[-_]size/.test(text));
  const isParentConnected = channel !== undefined;
  if (script === undefined || command !== "serve" || execve === undefined || platform === "win32") return undefined;
  if (isConfigured || isParentConnected || (env[noRestartVariable] ?? "") !== "") return undefined;
  return {
    args: [execPath, ...execArgv, `--max-semi-space-size=${semiSpaceMegabytes}`, script, ...argv.slice(2)],
    env,
  };
}
