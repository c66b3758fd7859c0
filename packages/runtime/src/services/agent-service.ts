import { create } from "@bufbuild/protobuf";
import { durationMs, type Timestamp, timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { HandlerContext } from "@connectrpc/connect";
import { wire } from "@flyte-agent/idl";
import type { LogLine } from "@flyte-agent/sdk";
import type { OpenCalls } from "../calls/open-calls.ts";
import type { AgentCalls } from "../host/agent-host.ts";
import { callReached } from "./call-reached.ts";
import { type CallOrigin, connectionOf, jobCategory, newCallId, readStart } from "./read-call.ts";
import { receiveTask } from "./receive-task.ts";
import { toConnectError } from "./to-connect-error.ts";
import { writeResource } from "./write-resource.ts";

/** Flyte's agent methods on envelopes: what both generations have in common, which is all but the names. */
export interface AgentService {
  createTask(request: wire.CreateTaskRequest, context: HandlerContext): Promise<wire.CreateTaskResponse>;
  getTask(request: wire.GetTaskRequest, context: HandlerContext): Promise<wire.GetTaskResponse>;
  deleteTask(request: wire.DeleteTaskRequest, context: HandlerContext): Promise<wire.DeleteTaskResponse>;
  getTaskMetrics(request: wire.GetTaskMetricsRequest, context: HandlerContext): Promise<wire.GetTaskMetricsResponse>;
  getTaskLogs(request: wire.GetTaskLogsRequest, context: HandlerContext): AsyncIterable<wire.GetTaskLogsResponse>;
  /** Flyte 1 only. Answers with one message and ends the stream, whether or not the caller ends its side. */
  executeTaskSync(
    requests: AsyncIterable<wire.ExecuteTaskSyncRequest>,
    context: HandlerContext,
  ): AsyncIterable<wire.ExecuteTaskSyncResponse>;
}

/**
 * Makes the methods of one generation over the calls. Errors become statuses here and nowhere else.
 *
 * @param maxAnswerBytes a larger answer becomes a failed task with a sentence, since the caller could not read it.
 */
export function createAgentService(
  flyte: 1 | 2,
  calls: AgentCalls,
  openCalls: OpenCalls,
  maxAnswerBytes: number,
): AgentService {
  async function answer<Answer>(
    context: HandlerContext,
    work: (origin: CallOrigin, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    callReached(context);
    const timeoutMs = context.timeoutMs();
    const deadlineMs = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
    try {
      return await openCalls.run({ signal: context.signal, deadlineMs }, (signal) =>
        work({ flyte, callId: newCallId(), deadlineMs }, signal),
      );
    } catch (reason) {
      throw toConnectError(reason);
    }
  }

  return {
    createTask: (request, context) =>
      answer(context, async (origin, signal) => {
        const { job } = await calls.create(readStart("create", request, origin), signal);
        return create(wire.CreateTaskResponseSchema, { resourceMeta: job });
      }),

    getTask: (request, context) =>
      answer(context, async (origin, signal) => {
        const call = { ...jobOf("get", request, origin), outputPrefix: request.outputPrefix };
        const resource = writeResource(await calls.get(call, signal), flyte, maxAnswerBytes);
        return create(wire.GetTaskResponseSchema, { resource });
      }),

    deleteTask: (request, context) =>
      answer(context, async (origin, signal) => {
        await calls.delete(jobOf("delete", request, origin), signal);
        return create(wire.DeleteTaskResponseSchema);
      }),

    getTaskMetrics: (request, context) =>
      answer(context, async (origin, signal) => {
        const { queries, startTime, endTime, step } = request;
        const stepMs = step === undefined ? undefined : durationMs(step);
        const query = { queries, start: dateOf(startTime), end: dateOf(endTime), stepMs };
        const { metrics } = await calls.metrics({ ...jobOf("metrics", request, origin), query }, signal);
        return create(wire.GetTaskMetricsResponseSchema, {
          // The SDK's JSON objects are readonly, protobuf-es's are not; nothing writes to them.
          results: metrics.map(({ metric, data }) => ({ metric, data: { ...data } as Record<string, never> })),
        });
      }),

    async *getTaskLogs(request, context) {
      const { lines, nextToken } = await answer(context, (origin, signal) => {
        const page = { lines: Number(request.lines), token: request.token };
        return calls.logs({ ...jobOf("logs", request, origin), page }, signal);
      });
      yield logsBody(lines);
      if (nextToken !== "") yield logsHeader(nextToken);
    },

    async *executeTaskSync(requests, context) {
      const resource = await answer(context, async (origin, signal) => {
        const task = await receiveTask(requests, signal);
        return writeResource(await calls.do(readStart("do", task, origin), signal), flyte, maxAnswerBytes);
      });
      yield create(wire.ExecuteTaskSyncResponseSchema, { res: { case: "header", value: { resource } } });
    },
  };
}

interface JobRequest {
  readonly taskType: string;
  readonly taskCategory?: wire.TaskCategory | undefined;
  readonly resourceMeta: Uint8Array;
  readonly connection?: wire.Connection | undefined;
}

function jobOf<Operation extends "get" | "delete" | "metrics" | "logs">(
  operation: Operation,
  request: JobRequest,
  origin: CallOrigin,
): {
  operation: Operation;
  category: ReturnType<typeof jobCategory>;
  connection: ReturnType<typeof connectionOf>;
  job: Uint8Array;
} & CallOrigin {
  const connection = connectionOf(request.connection);
  return { operation, category: jobCategory(request), ...origin, connection, job: request.resourceMeta };
}

function dateOf(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp === undefined ? undefined : timestampDate(timestamp);
}

// flyteidl.admin.LogLineOriginator
const originators = { user: 1, system: 2 } as const;

function logsBody(lines: readonly LogLine[]): wire.GetTaskLogsResponse {
  const body = {
    lines: lines.map(({ message, timestamp, originator }) => ({
      message,
      originator: originator === undefined ? 0 : originators[originator],
      ...(timestamp === undefined ? {} : { timestamp: timestampFromDate(timestamp) }),
    })),
  };
  return create(wire.GetTaskLogsResponseSchema, { part: { case: "body", value: body } });
}

function logsHeader(token: string): wire.GetTaskLogsResponse {
  return create(wire.GetTaskLogsResponseSchema, { part: { case: "header", value: { token } } });
}
