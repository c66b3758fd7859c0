/** As much of `process` as the search for proxies needs. */
export type ProxyProcess = Pick<NodeJS.Process, "env" | "execArgv" | "versions">;

/**
 * What is never asked through a proxy: this machine, and who hands out the credentials of clouds. A proxy cannot reach them, or
 * reaches its own.
 */
const direct = [
  ...["localhost", "127.0.0.1", "[::1]"],
  ...[
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "[fd00:ec2::254]",
    "[fd00:ec2::23]",
    "metadata.google.internal",
  ],
];

/**
 * The variables that have Node use the proxies of its environment, which it reads at its start; `undefined` where there is
 * nothing to add.
 *
 * https://nodejs.org/api/http.html#built-in-proxy-support
 */
export function proxyEnvironment(process: ProxyProcess): Readonly<Record<string, string>> | undefined {
  const { env } = process;
  if (proxyVariable(env) === undefined || isDecided(process) || !knowsProxies(process)) return undefined;
  const exceptions = [env.no_proxy || env.NO_PROXY || "", ...direct].filter((host) => host !== "").join(",");
  return {
    NODE_USE_ENV_PROXY: "1",
    ...inBothCases("https_proxy", env),
    ...inBothCases("http_proxy", env),
    NO_PROXY: exceptions,
    no_proxy: exceptions,
  };
}

// To Node an empty variable in small letters hides the other one.
function inBothCases(name: string, env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const value = env[name] || env[name.toUpperCase()] || "";
  return value === "" ? {} : { [name]: value, [name.toUpperCase()]: value };
}

/** Says why the proxies of the environment are not used, if that is so and nobody decided it. */
export function proxyWarning(process: ProxyProcess): string | undefined {
  const name = proxyVariable(process.env);
  if (name === undefined || isDecided(process)) return undefined;
  return knowsProxies(process)
    ? `${name} is set and not used: set NODE_USE_ENV_PROXY=1, too, since the command may not restart itself here`
    : `${name} is set and not used: Node ${process.versions.node} cannot, 22.21, 24.5 and newer ones can`;
}

/** The name of the variable that names a proxy. Node reads these, in small letters first. */
function proxyVariable(env: NodeJS.ProcessEnv): string | undefined {
  return ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"].find((name) => (env[name] ?? "") !== "");
}

/** Whether the operator, or a restart, has told Node already. */
function isDecided({ env, execArgv }: ProxyProcess): boolean {
  const flags = [env.NODE_OPTIONS ?? "", ...execArgv].join(" ");
  return env.NODE_USE_ENV_PROXY !== undefined || /--(?:no-)?use-env-proxy/.test(flags);
}

function knowsProxies({ versions }: ProxyProcess): boolean {
  const [major = 0, minor = 0] = versions.node.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}
