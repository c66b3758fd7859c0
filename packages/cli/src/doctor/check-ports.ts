import { once } from "node:events";
import { createServer } from "node:net";
import { findAppRoot, packageCommands, type ServerConfig } from "@flyte-agent/runtime";
import type { Finding } from "./finding.ts";

/** Whether the ports of the configuration can be opened. */
export interface PortCheck {
  readonly facts: readonly string[];
  readonly problems: readonly Finding[];
  readonly notes: readonly Finding[];
}

/** Opens the ports of the configuration and closes them again. */
export async function checkPorts({ host, port, prometheusPort, tls }: ServerConfig): Promise<PortCheck> {
  const failure = await openingFailure(port, host);
  const ownServer = failure === "EADDRINUSE" && tls === undefined && (await isAgentServer(port));
  if (ownServer) {
    const text = `an agent server runs on port ${port} already`;
    const { run } = packageCommands(findAppRoot(process.cwd()).directory);
    const fix = `${run(`list --endpoint localhost:${port}`)} shows what it serves`;
    return { facts: [`${port} serves agents now`], problems: [], notes: [{ text, fix }] };
  }
  const facts = [`agents ${port}`, `metrics ${prometheusPort}`];
  const problems = failure === undefined ? [] : [portProblem(port, failure, "--port")];
  if (prometheusPort !== "off") {
    const metricsFailure = await openingFailure(prometheusPort, host);
    if (metricsFailure !== undefined) problems.push(portProblem(prometheusPort, metricsFailure, "--prometheus-port"));
  }
  return { facts, problems, notes: [] };
}

async function openingFailure(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host });
    await once(server, "listening");
    return undefined;
  } catch (reason) {
    const code = reason instanceof Error && "code" in reason ? String(reason.code) : "unknown error";
    // A machine without IPv6: the server then listens on every IPv4 address.
    return host === "::" && code === "EAFNOSUPPORT" ? openingFailure(port, "0.0.0.0") : code;
  } finally {
    server.close();
  }
}

async function isAgentServer(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://localhost:${port}/flyteagent.runtime.v1.RuntimeService/ListPlugins`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(2000),
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    // Another program, which speaks something else.
    return false;
  }
}

function portProblem(port: number, code: string, flag: string): Finding {
  const reason =
    code === "EADDRINUSE" ? "another program listens there" : code === "EACCES" ? "this user may not open it" : code;
  return {
    text: `port ${port} cannot be opened: ${reason}`,
    fix: `stop that program, or choose another port with ${flag}`,
  };
}
