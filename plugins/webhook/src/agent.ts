import {
  type CreateContext,
  defineSyncAgent,
  type FlyteOutput,
  failed,
  int,
  type Resource,
  retryableFailure,
  type SyncAgent,
  succeeded,
  type Task,
} from "@flyte-agent/sdk";
import { type AnswerLimit, answerLimit } from "./answers/answer-limit.ts";
import { explainCallFailure } from "./answers/call-failure.ts";
import { createHttpClient, type HttpAnswer, type HttpClient } from "./http/http-client.ts";
import type { WebhookOptions } from "./options/options.ts";
import { type PreparedCall, prepareCall } from "./request/prepare-call.ts";
import { readWebhookTask, type WebhookTask } from "./request/webhook-task.ts";

/**
 * Makes the agent for the task type `webhook`: it makes one HTTP request and hands back the answer.
 *
 * Tasks, outputs and messages are those of flytekit's `WebhookConnector`. One thing is different on purpose: what may
 * pass by itself (no connection, no answer in time, a status such as 503) is a retryable failure, so that the retries
 * that a task asks for are made. Without retries it fails just the same.
 */
export function webhookAgent(options: WebhookOptions): SyncAgent {
  const client = createHttpClient(options);
  return defineSyncAgent({
    name: "Webhook Connector",
    taskType: "webhook",
    do: async (task, context) => {
      const webhook = await readWebhookTask(task);
      const call = await prepareCall(webhook, task, { options, context });
      const limit = answerLimit({ maxBytes: options.maxResponseBytes, webhook, shownUrl: call.shownUrl, context });
      const outcome = await sendInTime(client, call, { webhook, options, context, limit });
      return isAnswer(outcome) ? report(outcome, call, { webhook, task, limit, options }) : outcome;
    },
  });
}

/** Sends the request. Answers a failure if there was no answer, or none in time; throws if the caller gave up. */
async function sendInTime(
  client: HttpClient,
  { request, concealer }: PreparedCall,
  {
    webhook,
    options,
    context,
    limit,
  }: { webhook: WebhookTask; options: WebhookOptions; context: CreateContext; limit: AnswerLimit },
): Promise<HttpAnswer | Resource> {
  const { signal, log } = context;
  const limitSec = Math.min(webhook.timeout_sec, options.maxTimeoutSec);
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), limitSec * 1000);
  const startedMs = performance.now();
  try {
    const answer = await client.send(request, {
      maxBytes: limit.maxBytes + concealer.lookaheadBytes,
      signal: AbortSignal.any([signal, timeUp.signal]),
    });
    log.debug("the webhook answered", {
      host: request.url.host,
      status: answer.status,
      duration_ms: Math.round(performance.now() - startedMs),
    });
    return answer;
  } catch (cause) {
    // The caller's own reason: the runtime knows whether it was a deadline, a cancellation or the end of the server.
    signal.throwIfAborted();
    if (timeUp.signal.aborted) return retryableFailure(tooSlow(webhook.timeout_sec, options.maxTimeoutSec));
    const { message, isTransient } = explainCallFailure(cause, request.url);
    log.warn(message, { cause: concealer.conceal(cause instanceof Error ? cause.message : String(cause)) });
    return isTransient ? retryableFailure(message) : failed(message);
  } finally {
    clearTimeout(timer);
  }
}

function report(
  answer: HttpAnswer,
  { shownUrl, concealer }: PreparedCall,
  { webhook, task, limit, options }: { webhook: WebhookTask; task: Task; limit: AnswerLimit; options: WebhookOptions },
): Resource {
  const { status } = answer;
  const { maxBytes } = limit;
  const shown = concealer.concealAndCut(answer.text, { maxBytes, isPart: answer.isCut });
  const text = shown.text + (shown.isCut ? cutNote(limit) : "");
  if (!(webhook.success_statuses ?? options.successStatuses).includes(status)) {
    const message = `Webhook failed with status code ${status}, response: ${text}`;
    return webhook.retry_statuses.includes(status) ? retryableFailure(message) : failed(message);
  }
  const info: FlyteOutput = {
    status_code: int(status),
    response_data: text,
    // What was rendered from JSON and inputs is something that an output takes.
    ...(webhook.show_data ? { input_data: (webhook.data ?? null) as FlyteOutput } : {}),
    ...(webhook.show_url ? { url: shownUrl } : {}),
  };
  return succeeded({
    message: "Webhook was successfully invoked!",
    // A task that is not flytekit's may want no output at all.
    outputs: task.outputTypes.size === 0 ? {} : { info },
  });
}

function tooSlow(taskSec: number, maxSec: number): string {
  return taskSec <= maxSec
    ? `the webhook did not answer within ${taskSec} s (custom.timeout_sec)`
    : `the webhook did not answer within ${maxSec} s (the operator's maxTimeoutSec; custom.timeout_sec is ${taskSec})`;
}

function cutNote({ maxBytes, reason }: AnswerLimit): string {
  return `\n[cut here: the answer is longer than ${maxBytes} bytes, ${reason}]`;
}

function isAnswer(outcome: HttpAnswer | Resource): outcome is HttpAnswer {
  return "status" in outcome;
}
