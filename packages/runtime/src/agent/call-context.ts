import type { CallContext, CreateContext, GetContext, Log, Secrets } from "@flyte-agent/sdk";
import type { RuntimeLog } from "../log/create-log.ts";
import type { AgentCall, GetCall, StartCall } from "../seam/agent-calls.ts";
import { createSecrets } from "../secrets/create-secrets.ts";
import type { AgentSurroundings } from "./agent-surroundings.ts";

/** The plugin's log for one call. */
export function callLog({ category, callId }: AgentCall, { log }: Pick<AgentSurroundings, "log">): RuntimeLog {
  return log.with({ task_type: category.name, call: callId });
}

/** The context of a call about a job. Most polls ask for few of its members: those that take something are made on first use. */
export function callContext(call: AgentCall, signal: AbortSignal, surroundings: AgentSurroundings): CallContext {
  const { deadlineMs, connection, flyte, callId } = call;
  const { environment, knownSecrets } = surroundings;
  for (const name in connection.secrets) surroundings.log.secrets.add(connection.secrets[name]?.trim() ?? "", callId);
  let secrets: Secrets | undefined;
  let log: Log | undefined;
  return {
    signal,
    get deadline() {
      return deadlineMs === undefined ? undefined : new Date(deadlineMs);
    },
    get secrets() {
      secrets ??= createSecrets(connection.secrets, { environment, onFound: knownSecrets.add });
      return secrets;
    },
    configs: connection.configs,
    get log() {
      log ??= callLog(call, surroundings);
      return log;
    },
    flyte,
  };
}

/** The context of `get` and `poke`. */
export function getContext(call: GetCall, signal: AbortSignal, surroundings: AgentSurroundings): GetContext {
  return Object.assign(callContext(call, signal, surroundings), { outputPrefix: call.outputPrefix });
}

/** The context of `create` and `do`. */
export function createContext(
  call: StartCall<"create"> | StartCall<"do">,
  signal: AbortSignal,
  surroundings: AgentSurroundings,
): CreateContext {
  const { outputPrefix, idempotencyKey, execution, callId } = call;
  return Object.assign(callContext(call, signal, surroundings), {
    outputPrefix,
    // Without an execution to tell attempts apart, each call is an attempt of its own.
    idempotencyKey: idempotencyKey === "" ? callId.repeat(4) : idempotencyKey,
    execution,
  });
}
