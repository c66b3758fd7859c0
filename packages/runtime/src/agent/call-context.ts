import type { CallContext, CreateContext, GetContext, Log } from "@flyte-agent/sdk";
import type { AgentCall, GetCall, StartCall } from "../seam/agent-calls.ts";
import { createSecrets } from "../secrets/create-secrets.ts";
import type { AgentSurroundings } from "./agent-surroundings.ts";

/** The context of a call about a job. */
export function callContext(
  call: AgentCall,
  signal: AbortSignal,
  log: Log,
  { environment, knownSecrets, log: serverLog }: AgentSurroundings,
): CallContext {
  const { deadlineMs, connection, flyte, callId } = call;
  for (const secret of Object.values(connection.secrets)) serverLog.secrets.add(secret.trim(), callId);
  return {
    signal,
    deadline: deadlineMs === undefined ? undefined : new Date(deadlineMs),
    secrets: createSecrets(connection.secrets, { environment, onFound: knownSecrets.add }),
    configs: connection.configs,
    log,
    flyte,
  };
}

/** The context of `get` and `poke`. */
export function getContext(call: GetCall, signal: AbortSignal, log: Log, surroundings: AgentSurroundings): GetContext {
  return { ...callContext(call, signal, log, surroundings), outputPrefix: call.outputPrefix };
}

/** The context of `create` and `do`. */
export function createContext(
  call: StartCall<"create"> | StartCall<"do">,
  signal: AbortSignal,
  log: Log,
  surroundings: AgentSurroundings,
): CreateContext {
  const { outputPrefix, idempotencyKey, execution, callId } = call;
  return {
    ...callContext(call, signal, log, surroundings),
    outputPrefix,
    // Without an execution to tell attempts apart, each call is an attempt of its own.
    idempotencyKey: idempotencyKey === "" ? callId.repeat(4) : idempotencyKey,
    execution,
  };
}
