import type { AgentIdentity, AsyncAgent, Sensor, SyncAgent } from "./agent.ts";
import { checkInputs } from "./check-inputs.ts";
import type { CreateContext } from "./context.ts";
import { pluginInvalid } from "./errors.ts";
import type { Resource } from "./resource.ts";
import type { StandardSchema } from "./standard-schema.ts";
import type { Task, TaskInputs } from "./task.ts";

/** The members of {@link AgentIdentity} with the defaulted ones optional. */
type Identity = Omit<AgentIdentity, "taskTypeVersion" | "integers"> &
  Partial<Pick<AgentIdentity, "taskTypeVersion" | "integers">>;

/** What an agent may say of the inputs that it takes. */
interface InputsSchema<Inputs> {
  /**
   * Checks `task.inputs` before the handler is called, and gives them their type; what it makes of them is what the
   * handler gets. Inputs that do not fit are refused as `invalid_input`, without their values.
   */
  readonly inputs?: StandardSchema<Inputs>;
}

/** Argument of {@link defineAsyncAgent}. */
export type AsyncAgentSpec<Job, Inputs = TaskInputs> = Identity &
  InputsSchema<Inputs> &
  Omit<AsyncAgent<Job>, "kind" | "create" | keyof AgentIdentity> & {
    create(task: Task<Inputs>, context: CreateContext): Promise<Job>;
  };

/** Argument of {@link defineSyncAgent}. */
export type SyncAgentSpec<Inputs = TaskInputs> = Identity &
  InputsSchema<Inputs> & { do(task: Task<Inputs>, context: CreateContext): Promise<Resource> };

/** Argument of {@link defineSensor}. */
export type SensorSpec<Job, Inputs = TaskInputs> = Identity &
  InputsSchema<Inputs> &
  Omit<Sensor<Job>, "kind" | "create" | keyof AgentIdentity> & {
    create(task: Task<Inputs>, context: CreateContext): Promise<Job>;
  };

/**
 * Makes an agent that starts jobs elsewhere. The type of the job is that of its schema.
 *
 * @throws AgentError `plugin_invalid` if a member is missing or of the wrong kind.
 */
export function defineAsyncAgent<Job, Inputs = TaskInputs>(spec: AsyncAgentSpec<Job, Inputs>): AsyncAgent<Job> {
  checkMembers("defineAsyncAgent", spec, ["create", "get", "delete"]);
  checkSchema("defineAsyncAgent", spec, "job", "reads jobs back that Flyte stored");
  const { inputs, ...agent } = spec;
  const create = withInputs(inputs, (task: Task<Inputs>, context) => spec.create(task, context));
  return { taskTypeVersion: 0, integers: "auto", ...agent, create, kind: "async" };
}

/**
 * Makes an agent that does its work within the call.
 *
 * @throws AgentError `plugin_invalid` if a member is missing or of the wrong kind.
 */
export function defineSyncAgent<Inputs = TaskInputs>(spec: SyncAgentSpec<Inputs>): SyncAgent {
  checkMembers("defineSyncAgent", spec, ["do"]);
  const { inputs, ...agent } = spec;
  const handler = withInputs(inputs, (task: Task<Inputs>, context) => spec.do(task, context));
  return { taskTypeVersion: 0, integers: "auto", ...agent, do: handler, kind: "sync" };
}

/**
 * Makes an agent that waits for something.
 *
 * @throws AgentError `plugin_invalid` if a member is missing or of the wrong kind.
 */
export function defineSensor<Job, Inputs = TaskInputs>(spec: SensorSpec<Job, Inputs>): Sensor<Job> {
  checkMembers("defineSensor", spec, ["create", "poke"]);
  checkSchema("defineSensor", spec, "job", "reads jobs back that Flyte stored");
  const { inputs, ...agent } = spec;
  const create = withInputs(inputs, (task: Task<Inputs>, context) => spec.create(task, context));
  return { taskTypeVersion: 0, integers: "auto", ...agent, create, kind: "sensor" };
}

/** Puts the check of the inputs before a handler. */
function withInputs<Inputs, Answer>(
  schema: StandardSchema<Inputs> | undefined,
  handle: (task: Task<Inputs>, context: CreateContext) => Promise<Answer>,
): (task: Task, context: CreateContext) => Promise<Answer> {
  // Without schema, the type of the inputs is its default, which is that of every task.
  if (schema === undefined) return (task, context) => handle(task as Task<Inputs>, context);
  return async (task, context) => handle(await checkInputs(task, schema), context);
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
  const pythonJobs = members.get("pythonJobs") ?? false;
  if (typeof pythonJobs !== "boolean") {
    throw pluginInvalid(`${definer} takes true or false as pythonJobs, got ${JSON.stringify(pythonJobs)}`);
  }
  if (members.get("inputs") !== undefined) checkSchema(definer, spec, "inputs", "checks the inputs of a task");
  for (const handler of handlers) {
    if (typeof members.get(handler) !== "function") {
      throw pluginInvalid(`${definer} of task type "${spec.taskType}" needs a function as ${handler}`);
    }
  }
}

function checkSchema(
  definer: string,
  spec: Identity & { readonly job?: unknown; readonly inputs?: unknown },
  member: "job" | "inputs",
  purpose: string,
): void {
  const schema = spec[member];
  const isSchema =
    (typeof schema === "object" || typeof schema === "function") && schema !== null && "~standard" in schema;
  if (!isSchema) {
    throw pluginInvalid(
      `${definer} of task type "${spec.taskType}" needs a Standard Schema (zod, valibot, arktype, …) as ${member}: ` +
        `it ${purpose}`,
    );
  }
}
