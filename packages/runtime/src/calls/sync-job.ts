import type { JsonObject } from "@flyte-agent/sdk";
import { isPhase } from "@flyte-agent/sdk/host";
import type { ResourceAnswer } from "../host/agent-host.ts";

// A job of an async agent is an object of that agent's own keys; none has this one.
const marker = "flyte_agent_sync_answer";

/**
 * Packs the answer of a sync agent into `resource_meta`. Flyte 2 has no synchronous call: the work is done within
 * CreateTask, and this is how any replica can give the answer at the first GetTask.
 */
export function encodeSyncJob(answer: ResourceAnswer): Uint8Array {
  const { phase, message, logLinks, outputs, customInfo, errorCode } = answer;
  const packed = {
    [marker]: 1,
    phase,
    message,
    log_links: logLinks,
    outputs: outputs === undefined ? null : Buffer.from(outputs).toString("base64"),
    custom_info: customInfo ?? null,
    error_code: errorCode,
  };
  return Buffer.from(JSON.stringify(packed));
}

/** Unpacks what {@link encodeSyncJob} packed; `undefined` for any other bytes. */
export function decodeSyncJob(job: Uint8Array): ResourceAnswer | undefined {
  const packed = parseObject(job);
  if (packed?.[marker] === undefined) return undefined;
  const { phase, message, outputs, log_links: logLinks, custom_info: customInfo, error_code: errorCode } = packed;
  if (!isPhase(phase)) return undefined;
  return {
    phase,
    message: String(message ?? ""),
    logLinks: Array.isArray(logLinks)
      ? logLinks.map(({ name, uri }) => ({ name: String(name), uri: String(uri) }))
      : [],
    outputs: typeof outputs === "string" ? Buffer.from(outputs, "base64") : undefined,
    // Written by `encodeSyncJob` from a JSON object or null.
    customInfo: (customInfo ?? undefined) as JsonObject | undefined,
    errorCode: String(errorCode ?? ""),
  };
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    // An object's members are read by name and checked one by one.
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
