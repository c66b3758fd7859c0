import { proxyEnvironment } from "../network/proxy-environment.ts";

/** As much of `process` as a restart needs. */
export type RestartableProcess = Pick<
  NodeJS.Process,
  "argv" | "env" | "execArgv" | "execPath" | "platform" | "versions"
> & {
  readonly execve?: NodeJS.Process["execve"];
  readonly channel?: unknown;
};

/** The environment variable that forbids the restart. */
export const noRestartVariable = "FLYTE_AGENT_NO_REEXEC";

/** V8's young generation in MiB: half spaces of this size keep a busy server small, and cost it no time. */
const semiSpaceMegabytes = 2;

/**
 * Replaces this process by one with what Node takes at its start only: for `serve` a small young generation, for `serve` and
 * `run` the proxies of the environment. The process id stays the same. Returns where there is nothing to set, or where it
 * is not possible (Windows).
 */
export function restartNode(process: RestartableProcess): void {
  const restart = restartOf(process);
  if (restart === undefined) return;
  try {
    process.execve?.(process.execPath, [...restart.args], restart.env);
  } catch {
    // A system that forbids it: the server runs as it is, only larger. Of proxies it warns itself.
  }
}

/** What the process would be replaced by; `undefined` if it stays. */
export function restartOf(
  process: RestartableProcess,
): { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv } | undefined {
  const { argv, env, execArgv, execPath } = process;
  const [, script, command] = argv;
  if (script === undefined || !mayRestart(process)) return undefined;
  const flags = command === "serve" ? heapFlags(process) : [];
  const proxies = command === "serve" || command === "run" ? proxyEnvironment(process) : undefined;
  if (flags.length === 0 && proxies === undefined) return undefined;
  return { args: [execPath, ...execArgv, ...flags, script, ...argv.slice(2)], env: { ...env, ...proxies } };
}

/** Whether this process can be replaced, and nobody has forbidden it. */
export function mayRestart({ env, platform, execve, channel }: RestartableProcess): boolean {
  const isParentConnected = channel !== undefined;
  if (execve === undefined || platform === "win32") return false;
  return !isParentConnected && (env[noRestartVariable] ?? "") === "";
}

function heapFlags({ env, execArgv }: RestartableProcess): readonly string[] {
  // The flag itself also tells that the restart is done.
  const isSet = [env.NODE_OPTIONS ?? "", ...execArgv].some((text) => /max[-_]semi[-_]space[-_]size/.test(text));
  return isSet ? [] : [`--max-semi-space-size=${semiSpaceMegabytes}`];
}
