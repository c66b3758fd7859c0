import { type CreateContext, invalidTask } from "@flyte-agent/sdk";
import type { WebhookTask } from "../request/webhook-task.ts";

/** How much of an answer is handed back. */
export interface AnswerLimit {
  readonly maxBytes: number;
  /** Whose limit it is, for people. */
  readonly reason: string;
}

const mostOfAnswer = 64 * 1024;

// Flyte 2 polls for the outputs, which are kept in the job until then: 128 KiB with base64, and other things beside them.
const mostOfOutputs = 90_000;

/**
 * Tells how much of an answer may be handed back: the operator's limit, and for Flyte 2 what has room in a job.
 *
 * @throws AgentError `invalid_task` if what the task wants shown has no room by itself.
 */
export function answerLimit({
  maxBytes,
  webhook,
  shownUrl,
  context,
}: {
  readonly maxBytes: number;
  readonly webhook: WebhookTask;
  readonly shownUrl: string;
  readonly context: CreateContext;
}): AnswerLimit {
  const ofOperator = { maxBytes, reason: "the operator's maxResponseBytes" };
  if (context.flyte === 1) return ofOperator;
  const shown =
    (webhook.show_data ? outputBytes(webhook.data) : 0) + (webhook.show_url ? Buffer.byteLength(shownUrl) : 0);
  const room = Math.min(mostOfAnswer, mostOfOutputs - shown);
  if (room < 0) {
    throw invalidTask(
      "custom",
      `got about ${shown} bytes to show as input_data and url, expected at most ${mostOfOutputs} with Flyte 2. Set show_data or show_url to false`,
    );
  }
  return maxBytes <= room ? ofOperator : { maxBytes: room, reason: "what Flyte 2 takes" };
}

// Each value of a protobuf Struct has up to some 20 bytes of tags and lengths around it.
function outputBytes(value: unknown): number {
  if (typeof value === "string") return 20 + Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + outputBytes(item), 20);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).reduce((sum, [key, item]) => sum + Buffer.byteLength(key) + outputBytes(item), 20);
  }
  return 20;
}
