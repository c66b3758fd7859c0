import { exactNumbers, isTerminal, type JsonObject } from "@flyte-agent/sdk";
import { isPhase } from "@flyte-agent/sdk/host";
import * as v from "valibot";
import type { ResourceAnswer } from "../seam/agent-calls.ts";
import { isObject } from "../validation/is-object.ts";

// An agent's own job has no key that begins like this one.
const marker = "flyte_agent_sync_answer";

/** Flyte could not store more. */
const maxReadBytes = 1024 * 1024;

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
 * Packs the end of a task into `resource_meta`: CreateTask can answer nothing else, and this is how any replica can give
 * the answer at the first GetTask.
 */
export function encodePackedAnswer(answer: ResourceAnswer): Uint8Array {
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
  return Buffer.from(JSON.stringify(packed, exactNumbers));
}

/** Unpacks what {@link encodePackedAnswer} packed; `undefined` for any other bytes. */
export function decodePackedAnswer(job: Uint8Array): ResourceAnswer | undefined {
  // Each poll comes by here: only what may be an answer is parsed.
  if (job.byteLength > maxReadBytes) return undefined;
  if (!Buffer.from(job.buffer, job.byteOffset, job.byteLength).includes(marker)) return undefined;
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

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
