import type { JsonObject } from "@flyte-agent/literals";
import type { AgentIdentity, AsyncAgent, Sensor, SyncAgent } from "./agent.ts";
import { checkTask, type TaskSchemas } from "./check-task.ts";
import type { CreateContext } from "./context.ts";
import { pluginInvalid } from "./errors.ts";
import type { Resource } from "./resource.ts";
import type { StandardSchema } from "./standard-schema.ts";
import type { Task, TaskInputs } from "./task.ts";

/** The members of {@link AgentIdentity} with the defaulted ones optional. */
type Identity = Omit<AgentIdentity, "taskTypeVersion" | "integers"> &
  Partial<Pick<AgentIdentity, "taskTypeVersion" | "integers">>;

/** What an agent may say of the tasks that it takes. */
interface Takes<Inputs, Custom> {
  /**
   * Checks `task.custom`, the task's configuration, before the handler is called, and gives it its type; what it makes of
   * it is what the handler gets. One that does not fit is refused as `invalid_task` with its place: `custom.url: is missing`.
   */
  readonly custom?: StandardSchema<Custom>;
  /**
   * Checks `task.inputs` before the handler is called, and gives them their type; what it makes of them is what the
   * handler gets. Inputs that do not fit are refused as `invalid_input`, without their values.
   */
  readonly inputs?: StandardSchema<Inputs>;
}

/** Argument of {@link defineAsyncAgent}. */
export type AsyncAgentSpec<Job, Inputs = TaskInputs, Custom = JsonObject> = Identity &
  Takes<Inputs, Custom> &
  Omit<AsyncAgent<Job>, "kind" | "create" | keyof AgentIdentity> & {
    // Without NoInfer, the compiler would take what create returns for the job, and a job that lacks a member would do.
    create(task: Task<Inputs, Custom>, context: CreateContext): Promise<NoInfer<Job>>;
  };

/** Argument of {@link defineSyncAgent}. */
export type SyncAgentSpec<Inputs = TaskInputs, Custom = JsonObject> = Identity &
  Takes<Inputs, Custom> & { do(task: Task<Inputs, Custom>, context: CreateContext): Promise<Resource> };

/** Argument of {@link defineSensor}. */
export type SensorSpec<Job, Inputs = TaskInputs, Custom = JsonObject> = Identity &
  Takes<Inputs, Custom> &
  Omit<Sensor<Job>, "kind" | "create" | keyof AgentIdentity> & {
    // Without NoInfer, the compiler would take what create returns for the job, and a job that lacks a member would do.
    create(task: Task<Inputs, Custom>, context: CreateContext): Promise<NoInfer<Job>>;
  };

/**
 * Makes an agent that starts jobs elsewhere. The type of the job is that of its schema.
 *
 * @throws AgentError `plugin_invalid` if a member is missing or of the wrong kind.
 *
 * @example
 * ```ts
 * defineAsyncAgent({
 *   name: "Render Farm",
 *   taskType: "render",
 *   custom: v.object({ scene: v.string() }),
 *   job: v.object({ id: v.string() }),
 *   create: async ({ custom }, { idempotencyKey }) => ({ id: await farm.start(custom.scene, idempotencyKey) }),
 *   get: async ({ id }) => ((await farm.isDone(id)) ? succeeded() : running({ message: `frame ${await farm.frame(id)}` })),
 *   delete: async ({ id }) => farm.stop(id),
 * });
 * ```
 */
export function defineAsyncAgent<Job, Inputs = TaskInputs, Custom = JsonObject>(
  spec: AsyncAgentSpec<Job, Inputs, Custom>,
): AsyncAgent<Job> {
  checkMembers("defineAsyncAgent", spec, ["create", "get", "delete"]);
  checkSchema("defineAsyncAgent", spec, "job", "reads jobs back that Flyte stored");
  const { inputs, custom, ...agent } = spec;
  const create = withChecks(
    { inputs, custom },
    (task: Task<Inputs, Custom>, context): Promise<Job> => spec.create(task, context),
  );
  return { taskTypeVersion: 0, integers: "auto", ...agent, create, kind: "async" };
}

/**
 * Makes an agent that does its work within the call.
 *
 * @throws AgentError `plugin_invalid` if a member is missing or of the wrong kind.
 *
 * @example
 * ```ts
 * defineSyncAgent({
 *   name: "Greeter",
 *   taskType: "greet",
 *   inputs: v.object({ name: v.string() }),
 *   do: async ({ inputs }) => succeeded({ outputs: { text: `Hello ${inputs.name}` } }),
 * });
 * ```
 */
export function defineSyncAgent<Inputs = TaskInputs, Custom = JsonObject>(
  spec: SyncAgentSpec<Inputs, Custom>,
): SyncAgent {
  checkMembers("defineSyncAgent", spec, ["do"]);
  const { inputs, custom, ...agent } = spec;
  const handler = withChecks({ inputs, custom }, (task: Task<Inputs, Custom>, context) => spec.do(task, context));
  return { taskTypeVersion: 0, integers: "auto", ...agent, do: handler, kind: "sync" };
}

/**
 * Makes an agent that waits for something.
 *
 * @throws AgentError `plugin_invalid` if a member is missing or of the wrong kind.
 *
 * @example
 * ```ts
 * defineSensor({
 *   name: "Page Sensor",
 *   taskType: "page",
 *   custom: v.object({ url: v.string() }),
 *   job: v.object({ url: v.string() }),
 *   create: async ({ custom }) => ({ url: custom.url }),
 *   poke: async ({ url }, { signal }) => (await fetch(url, { signal })).ok,
 * });
 * ```
 */
export function defineSensor<Job, Inputs = TaskInputs, Custom = JsonObject>(
  spec: SensorSpec<Job, Inputs, Custom>,
): Sensor<Job> {
  checkMembers("defineSensor", spec, ["create", "poke"]);
  checkSchema("defineSensor", spec, "job", "reads jobs back that Flyte stored");
  const { inputs, custom, ...agent } = spec;
  const create = withChecks(
    { inputs, custom },
    (task: Task<Inputs, Custom>, context): Promise<Job> => spec.create(task, context),
  );
  return { taskTypeVersion: 0, integers: "auto", ...agent, create, kind: "sensor" };
}

/** Puts the checks of the task before a handler. */
function withChecks<Inputs, Custom, Answer>(
  schemas: TaskSchemas<Inputs, Custom>,
  handle: (task: Task<Inputs, Custom>, context: CreateContext) => Promise<Answer>,
): (task: Task, context: CreateContext) => Promise<Answer> {
  // Without a schema, the type of a part is its default, which is that of every task.
  if (schemas.inputs === undefined && schemas.custom === undefined) {
    return (task, context) => handle(task as Task<Inputs, Custom>, context);
  }
  return async (task, context) => handle(await checkTask(task, schemas), context);
}

// Plugins in plain JavaScript have no compiler to tell them; a missing handler would only show at its first call.
function checkMembers(definer: string, spec: Identity, handlers: readonly string[]): void {
  const members = new Map<string, unknown>(Object.entries(spec));
  for (const member of ["name", "taskType"]) {
    const value = members.get(member);
    if (typeof value !== "string" || value === "") {
      throw pluginInvalid(`${definer} needs a non-empty string as ${member}, got ${JSON.stringify(value)}`);
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
  if (members.get("custom") !== undefined) checkSchema(definer, spec, "custom", "checks the configuration of a task");
  for (const handler of handlers) {
    if (typeof members.get(handler) !== "function") {
      throw pluginInvalid(`${definer} of task type "${spec.taskType}" needs a function as ${handler}`);
    }
  }
}

function checkSchema(
  definer: string,
  spec: Identity & { readonly job?: unknown; readonly inputs?: unknown; readonly custom?: unknown },
  member: "job" | "inputs" | "custom",
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
