import { isTerminal, type JsonObject } from "@flyte-agent/sdk";
import { isPhase } from "@flyte-agent/sdk/host";
import * as v from "valibot";
import type { ResourceAnswer } from "../seam/agent-calls.ts";

// A job of an async agent is an object of that agent's own keys; none has this one.
const marker = "flyte_agent_sync_answer";

const packedAnswer = v.object({
  [marker]: v.literal(1),
  phase: v.pipe(
    v.string(),
    v.guard(isPhase),
    v.check((phase) => isTerminal(phase)),
  ),
  message: v.string(),
  log_links: v.array(v.object({ name: v.string(), uri: v.string() })),
  outputs: v.nullable(v.pipe(v.string(), v.base64())),
  custom_info: v.nullable(v.custom<JsonObject>(isObject)),
  error_code: v.string(),
});

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
  const result = v.safeParse(packedAnswer, parseJson(job));
  if (!result.success) return undefined;
  const {
    phase,
    message,
    outputs,
    log_links: logLinks,
    custom_info: customInfo,
    error_code: errorCode,
  } = result.output;
  return {
    phase,
    message,
    logLinks,
    outputs: outputs === null ? undefined : Buffer.from(outputs, "base64"),
    customInfo: customInfo ?? undefined,
    errorCode,
  };
}

// What came out of JSON.parse and is an object is a JSON object.
function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
