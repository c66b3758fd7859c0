import { AgentError } from "@flyte-agent/sdk";

/** The port cannot be listened on: taken, forbidden, or no address of this machine. */
export function portUnavailable(port: number, host: string, cause: unknown): AgentError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
  const isEvery = host === "::" || host === "0.0.0.0";
  const problem = problems[code] ?? `it cannot be opened (${code})`;
  return new AgentError("port_unavailable", `port ${port}${isEvery ? "" : ` on ${host}`}: ${problem}`, { cause });
}

const problems: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there already: stop it, or choose another port with --port or --prometheus-port",
  EACCES: "this user may not open it: choose a port from 1024 upwards",
  EADDRNOTAVAIL: "this machine has no such address: set server.host to one of its own",
};
