import type { Agent, AsyncAgent, CreateContext, Log, Resource, Sensor, SyncAgent, Task } from "@flyte-agent/sdk";
import { failed, isAgentError, isTerminal, running, succeeded } from "@flyte-agent/sdk";
import { addOutputTypes, decodeJob, encodeJob, operationNotSupported, readTask } from "@flyte-agent/sdk/host";
import { type AgentCall, type AgentCalls, categoryKey, type StartCall } from "../seam/agent-calls.ts";
import { pluginFailed } from "../seam/call-errors.ts";
import { createReadStored } from "../stores/read-stored.ts";
import type { AgentSurroundings } from "./agent-surroundings.ts";
import { callContext, callLog, createContext, getContext } from "./call-context.ts";
import { createDeclaredOutputs } from "./declared-outputs.ts";
import { createLoadInputs } from "./load-inputs.ts";
import { refuseMissingInputs } from "./missing-inputs.ts";
import { toPlainLogs, toPlainMetrics } from "./plain-answers.ts";
import { checkResource, toResourceAnswer } from "./resource-answer.ts";

/**
 * Runs calls on a plugin's agents: the agent's side of an AgentHost. Here bytes become values (task, inputs, job), the
 * author's function is called, and its answer becomes bytes again.
 *
 * @param agents by `categoryKey`.
 */
export function runAgents(agents: ReadonlyMap<string, Agent>, surroundings: AgentSurroundings): AgentCalls {
  const declaredOutputs = createDeclaredOutputs();
  const { inputs, environment, storeTimeoutMs = 30_000 } = surroundings;
  const loadInputs = createLoadInputs(inputs, createReadStored(environment, storeTimeoutMs));

  async function taskOf(
    { template, inputs, offloadedCount }: StartCall<"create"> | StartCall<"do">,
    { integers }: Agent,
    signal: AbortSignal,
  ): Promise<Task> {
    const loaded = offloadedCount === 0 ? inputs : await loadInputs(inputs, signal);
    const task = readTask({ template, inputs: loaded }, { integers });
    refuseMissingInputs(task);
    return task;
  }

  function agentOf(call: AgentCall): Agent {
    const agent = agents.get(categoryKey(call.category));
    if (agent !== undefined) return agent;
    throw operationNotSupported(`this plugin has no agent for task type ${categoryKey(call.category)}`);
  }

  function jobAgentOf(call: AgentCall): AsyncAgent | Sensor {
    const agent = agentOf(call);
    if (agent.kind !== "sync") return agent;
    throw operationNotSupported(`${call.operation} is not offered by the sync agent of task type "${agent.taskType}"`);
  }

  // Where they do not travel in the job, they are known only here.
  function withOutputTypes(
    job: Uint8Array,
    types: Task["outputTypes"],
    { agent, call }: { readonly agent: AsyncAgent | Sensor; readonly call: StartCall<"create"> },
  ): Uint8Array {
    const added = agent.pythonJobs === true ? job : addOutputTypes(job, types);
    if (added !== undefined && added !== job) return added;
    declaredOutputs.remember(job, types, call.template.byteLength);
    if (added === undefined) {
      callLog(call, surroundings).warn(
        "the declared types of the outputs are too large to travel in the job: other servers, and this one after a " +
          "restart, write outputs by their look",
        { outputs: types.size },
      );
    }
    return job;
  }

  return {
    create: (call, signal) =>
      guarded(call, async () => {
        const agent = jobAgentOf(call);
        const task = await taskOf(call, agent, signal);
        const context = createContext(call, signal, surroundings);
        const job = await agent.create(task, context);
        const bytes = await encodeOrDelete(agent, job, context, surroundings.maxJobBytes);
        return { job: withOutputTypes(bytes, task.outputTypes, { agent, call }) };
      }),

    do: (call, signal) =>
      guarded(call, async () => {
        const agent = syncAgent(agentOf(call));
        const task = await taskOf(call, agent, signal);
        const resource = await agent.do(task, createContext(call, signal, surroundings));
        return toResourceAnswer(mustBeTerminal(checkResource(resource)), agent, task.outputTypes);
      }),

    get: (call, signal) =>
      guarded(call, async () => {
        const agent = jobAgentOf(call);
        const { job, outputTypes } = await decodeJob(agent.job, call.job);
        const context = getContext(call, signal, surroundings);
        const resource = checkResource(
          await unlessGone(agent.kind === "sensor" ? poke(agent, job, context) : agent.get(job, context)),
        );
        const types = resource.phase === "succeeded" ? (outputTypes ?? declaredOutputs.find(call.job)) : undefined;
        return toResourceAnswer(resource, agent, types);
      }),

    delete: (call, signal) =>
      guarded(call, async () => {
        const agent = jobAgentOf(call);
        const log = callLog(call, surroundings);
        if (agent.kind === "sensor") return;
        try {
          const { job } = await decodeJob(agent.job, call.job);
          await agent.delete(job, callContext(call, signal, surroundings));
        } catch (reason) {
          if (!hasNothingToDelete(reason, log)) throw reason;
        }
        declaredOutputs.forget(call.job);
      }),

    metrics: (call, signal) =>
      guarded(call, async () => {
        const agent = jobAgentOf(call);
        if (agent.kind !== "async" || agent.metrics === undefined) throw noSuchView(agent, "metrics");
        const { job } = await decodeJob(agent.job, call.job);
        const context = callContext(call, signal, surroundings);
        return { metrics: toPlainMetrics(await agent.metrics(job, call.query, context)) };
      }),

    logs: (call, signal) =>
      guarded(call, async () => {
        const agent = jobAgentOf(call);
        if (agent.kind !== "async" || agent.logs === undefined) throw noSuchView(agent, "logs");
        const { job } = await decodeJob(agent.job, call.job);
        const context = callContext(call, signal, surroundings);
        return toPlainLogs(await agent.logs(job, call.page, context));
      }),
  };
}

function syncAgent(agent: Agent): SyncAgent {
  if (agent.kind === "sync") return agent;
  throw operationNotSupported(`task type "${agent.taskType}" is served by an async agent: call CreateTask`);
}

// A job that Flyte cannot be given is one that nobody would ever delete.
async function encodeOrDelete(
  agent: AsyncAgent | Sensor,
  job: unknown,
  context: CreateContext,
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    return encodeJob(job, maxBytes);
  } catch (reason) {
    if (agent.kind === "async") {
      await agent.delete(job, context).catch((error: unknown) => {
        context.log.error("a job that cannot be handed to Flyte could not be deleted and may go on", { error });
      });
    }
    throw reason;
  }
}

function noSuchView(agent: Agent, what: "metrics" | "logs"): Error {
  return operationNotSupported(`the agent of task type "${agent.taskType}" offers no ${what}`);
}

async function poke(agent: Sensor, job: unknown, context: Parameters<Sensor["poke"]>[1]): Promise<Resource> {
  const found = await agent.poke(job, context);
  if (typeof found !== "boolean") return found;
  return found ? succeeded() : running();
}

// A sync agent's caller keeps no job: an answer that is not an end would be polled for ever (and harms FlytePropeller).
function mustBeTerminal(resource: Resource): Resource {
  if (isTerminal(resource.phase)) return resource;
  const { message = "", ...rest } = resource;
  return failed(
    `the sync agent answered with phase "${resource.phase}", which is not an end${message === "" ? "" : `: ${message}`}. ` +
      "Its author should answer succeeded or failed, or make it an async agent",
    rest,
  );
}

async function unlessGone(resource: Promise<Resource>): Promise<Resource> {
  try {
    return await resource;
  } catch (reason) {
    if (isAgentError(reason) && reason.code === "job_not_found") return failed(reason.message);
    throw reason;
  }
}

// Flyte repeats a failed delete, in part for ever: what can never succeed must not fail.
function hasNothingToDelete(reason: unknown, log: Log): boolean {
  if (!isAgentError(reason)) return false;
  if (reason.code === "job_not_found") return true;
  if (reason.code !== "invalid_job") return false;
  log.warn("delete of a job that cannot be read was answered as done", { error: reason });
  return true;
}

// What leaves a host is an AgentError, whatever the author's code threw.
async function guarded<Answer>(call: AgentCall, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (reason) {
    if (isAgentError(reason)) throw reason;
    throw pluginFailed(call.operation, call.category.name, call.callId, reason);
  }
}
