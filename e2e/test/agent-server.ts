import { freePort } from "./free-port.ts";
import type { RunningProgram } from "./running-program.ts";

/** A `flyte-agent serve` that listens. Disposing of it ends it. */
export interface AgentServer extends AsyncDisposable {
  readonly port: number;
  readonly program: RunningProgram;
  /** The task types that ListAgents names, in alphabetical order. */
  taskTypes(): Promise<string[]>;
}

/**
 * Starts a server on free ports and waits until it listens.
 *
 * @param start starts `flyte-agent serve` with these flags
 */
export async function startAgentServer(start: (...flags: string[]) => RunningProgram): Promise<AgentServer> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const program = start("--port", String(port), "--prometheus-port", String(metricsPort));
  try {
    await program.printed(/\blistening\b/);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
  return {
    port,
    program,
    taskTypes: () => taskTypesServedOn(port),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

async function taskTypesServedOn(port: number): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${port}/flyteidl.service.AgentMetadataService/ListAgents`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const { agents } = (await response.json()) as ListAgentsJson;
  return agents.flatMap(({ supportedTaskCategories }) => supportedTaskCategories.map(({ name }) => name)).sort();
}

/** `flyteidl.admin.ListAgentsResponse` in JSON, as far as it is read here. */
interface ListAgentsJson {
  readonly agents: readonly { readonly supportedTaskCategories: readonly { readonly name: string }[] }[];
}
