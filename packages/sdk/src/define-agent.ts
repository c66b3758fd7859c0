import type { AgentIdentity, AsyncAgent, Sensor, SyncAgent } from "./agent.ts";
import { pluginInvalid } from "./errors.ts";

/** The members of {@link AgentIdentity} with the defaulted ones optional. */
type Identity = Omit<AgentIdentity, "taskTypeVersion" | "integers"> &
  Partial<Pick<AgentIdentity, "taskTypeVersion" | "integers">>;

/** Argument of {@link defineAsyncAgent}. */
export type AsyncAgentSpec<Job> = Identity & Omit<AsyncAgent<Job>, "kind" | keyof AgentIdentity>;

/** Argument of {@link defineSyncAgent}. */
export type SyncAgentSpec = Identity & Omit<SyncAgent, "kind" | keyof AgentIdentity>;

/** Argument of {@link defineSensor}. */
export type SensorSpec<Job> = Identity & Omit<Sensor<Job>, "kind" | keyof AgentIdentity>;

/**
 * Makes an agent that starts jobs elsewhere. The type of the job is that of its schema.
 *
 * @throws AgentError `plugin_invalid` if a member is missing or of the wrong kind.
 */
export function defineAsyncAgent<Job>(spec: AsyncAgentSpec<Job>): AsyncAgent<Job> {
  checkMembers("defineAsyncAgent", spec, ["create", "get", "delete"]);
  checkJobSchema("defineAsyncAgent", spec);
  return { taskTypeVersion: 0, integers: "auto", ...spec, kind: "async" };
}

/**
 * Makes an agent that does its work within the call.
 *
 * @throws AgentError `plugin_invalid` if a member is missing or of the wrong kind.
 */
export function defineSyncAgent(spec: SyncAgentSpec): SyncAgent {
  checkMembers("defineSyncAgent", spec, ["do"]);
  return { taskTypeVersion: 0, integers: "auto", ...spec, kind: "sync" };
}

/**
 * Makes an agent that waits for something.
 *
 * @throws AgentError `plugin_invalid` if a member is missing or of the wrong kind.
 */
export function defineSensor<Job>(spec: SensorSpec<Job>): Sensor<Job> {
  checkMembers("defineSensor", spec, ["create", "poke"]);
  checkJobSchema("defineSensor", spec);
  return { taskTypeVersion: 0, integers: "auto", ...spec, kind: "sensor" };
}

// Plugins in plain JavaScript have no compiler to tell them; a missing handler would only show at its first call.
function checkMembers(definer: string, spec: Identity, handlers: readonly string[]): void {
  const members = new Map<string, unknown>(Object.entries(spec));
  for (const member of ["name", "taskType"]) {
    const value = members.get(member);
    if (typeof value !== "string" || value === "") {
      throw pluginInvalid(`${definer} needs a non-empty text as ${member}, got ${JSON.stringify(value)}`);
    }
  }
  const version = members.get("taskTypeVersion") ?? 0;
  if (!Number.isInteger(version) || Number(version) < 0) {
    throw pluginInvalid(`${definer} needs a whole number from 0 as taskTypeVersion, got ${String(version)}`);
  }
  const integers = members.get("integers") ?? "auto";
  if (integers !== "auto" && integers !== "bigint") {
    throw pluginInvalid(`${definer} takes "auto" or "bigint" as integers, got ${JSON.stringify(integers)}`);
  }
  for (const handler of handlers) {
    if (typeof members.get(handler) !== "function") {
      throw pluginInvalid(`${definer} of task type "${spec.taskType}" needs a function as ${handler}`);
    }
  }
}

function checkJobSchema(definer: string, spec: Identity & { readonly job?: unknown }): void {
  const { job } = spec;
  const isSchema = (typeof job === "object" || typeof job === "function") && job !== null && "~standard" in job;
  if (!isSchema) {
    throw pluginInvalid(
      `${definer} of task type "${spec.taskType}" needs a Standard Schema (zod, valibot, arktype, …) as job: ` +
        "it reads jobs back that Flyte stored",
    );
  }
}
