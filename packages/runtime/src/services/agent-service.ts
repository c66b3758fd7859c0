import { create, type JsonObject, toBinary } from "@bufbuild/protobuf";
import { durationMs, type Timestamp, timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { wire } from "@flyte-agent/idl";
import type { LogLine } from "@flyte-agent/sdk";
import type { OpenCalls } from "../calls/open-calls.ts";
import type { AgentCalls } from "../seam/agent-calls.ts";
import { metricsTooLarge } from "../seam/call-errors.ts";
import { type CallOrigin, connectionOf, jobCategory, readStart } from "./read-call.ts";
import { receiveTask } from "./receive-task.ts";
import type { MethodCall } from "./service-method.ts";
import { writeResource } from "./write-resource.ts";

/** Flyte's agent methods on envelopes: what both generations have in common, which is all but the names. */
export interface AgentService {
  createTask(request: wire.CreateTaskRequest, context: MethodCall): Promise<wire.CreateTaskResponse>;
  getTask(request: wire.GetTaskRequest, context: MethodCall): Promise<wire.GetTaskResponse>;
  deleteTask(request: wire.DeleteTaskRequest, context: MethodCall): Promise<wire.DeleteTaskResponse>;
  getTaskMetrics(request: wire.GetTaskMetricsRequest, context: MethodCall): Promise<wire.GetTaskMetricsResponse>;
  getTaskLogs(request: wire.GetTaskLogsRequest, context: MethodCall): AsyncIterable<wire.GetTaskLogsResponse>;
  /** Flyte 1 only. Answers with one message and ends the stream, whether or not the caller ends its side. */
  executeTaskSync(
    requests: AsyncIterable<wire.ExecuteTaskSyncRequest>,
    context: MethodCall,
  ): AsyncIterable<wire.ExecuteTaskSyncResponse>;
}

/** What {@link createAgentService} needs. */
export interface AgentServiceOptions {
  readonly calls: AgentCalls;
  readonly openCalls: OpenCalls;
  /** Names each call. */
  readonly newCallId: () => string;
  /** A larger answer becomes a failed task with a sentence, since the caller could not read it. */
  readonly maxAnswerBytes: number;
  /** A larger template is refused. */
  readonly maxTemplateBytes: number;
  /** How long a caller of ExecuteTaskSync may take to send each of its two messages. */
  readonly receiveTimeoutMs: number;
}

/** Makes the methods of one generation over the calls. */
export function createAgentService(
  flyte: 1 | 2,
  { calls, openCalls, newCallId, maxAnswerBytes, maxTemplateBytes, receiveTimeoutMs }: AgentServiceOptions,
): AgentService {
  // What fails in `read` never becomes a call, so the layers around the calls neither count nor log it.
  async function answer<Call, Answer>(
    context: MethodCall,
    read: (origin: CallOrigin, signal: AbortSignal) => Call | Promise<Call>,
    make: (call: Call, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const { deadlineMs, trace } = context;
    return await openCalls.run(context, async (signal) => {
      let call: Call;
      try {
        call = await read({ flyte, callId: newCallId(), deadlineMs, trace }, signal);
      } catch (reason) {
        context.refused(reason);
        throw reason;
      }
      return await make(call, signal);
    });
  }

  return {
    createTask: (request, context) =>
      answer(
        context,
        (origin) => readStart("create", request, origin, maxTemplateBytes),
        async (call, signal) => {
          const { job } = await calls.create(call, signal);
          return create(wire.CreateTaskResponseSchema, { resourceMeta: job });
        },
      ),

    getTask: (request, context) =>
      answer(
        context,
        (origin) => ({ ...jobOf("get", request, origin), outputPrefix: request.outputPrefix }),
        async (call, signal) => {
          const resource = writeResource(await calls.get(call, signal), flyte, maxAnswerBytes);
          return create(wire.GetTaskResponseSchema, { resource });
        },
      ),

    deleteTask: (request, context) =>
      answer(
        context,
        (origin) => jobOf("delete", request, origin),
        async (call, signal) => {
          await calls.delete(call, signal);
          return create(wire.DeleteTaskResponseSchema);
        },
      ),

    getTaskMetrics: (request, context) =>
      answer(
        context,
        (origin) => {
          const { queries, startTime, endTime, step } = request;
          const stepMs = step === undefined ? undefined : durationMs(step);
          const query = { queries, start: dateOf(startTime), end: dateOf(endTime), stepMs };
          return { ...jobOf("metrics", request, origin), query };
        },
        async (call, signal) => {
          const { metrics } = await calls.metrics(call, signal);
          const response = create(wire.GetTaskMetricsResponseSchema, {
            // The SDK's JSON objects are readonly, protobuf-es's are not; nothing writes to them.
            results: metrics.map(({ metric, data }) => ({ metric, data: data as JsonObject })),
          });
          const { byteLength } = toBinary(wire.GetTaskMetricsResponseSchema, response);
          if (byteLength > maxAnswerBytes) throw metricsTooLarge(byteLength, maxAnswerBytes);
          return response;
        },
      ),

    async *getTaskLogs(request, context) {
      yield* await answer(
        context,
        (origin) => {
          const page = { lines: Number(request.lines), token: request.token };
          return { ...jobOf("logs", request, origin), page };
        },
        async (call, signal) => {
          const { lines, nextToken } = await calls.logs(call, signal);
          const bodies = inMessages(lines).map(logsBody);
          return nextToken === "" ? bodies : [...bodies, logsHeader(nextToken)];
        },
      );
    },

    async *executeTaskSync(requests, context) {
      yield await answer(
        context,
        async (origin, signal) =>
          readStart("do", await receiveTask(requests, receiveTimeoutMs, signal), origin, maxTemplateBytes),
        async (call, signal) => {
          const resource = writeResource(await calls.do(call, signal), flyte, maxAnswerBytes);
          return create(wire.ExecuteTaskSyncResponseSchema, { res: { case: "header", value: { resource } } });
        },
      );
    },
  };
}

interface JobRequest {
  readonly taskType: string;
  readonly taskCategory?: wire.TaskCategory | undefined;
  readonly resourceMeta: Uint8Array;
  readonly connection?: Uint8Array | undefined;
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

// One message of a stream has a limit, as an answer has; a page of logs may be larger.
function inMessages(lines: readonly LogLine[]): readonly (readonly LogLine[])[] {
  const messages: LogLine[][] = [[]];
  let size = 0;
  for (const line of lines) {
    const length = line.message.length + lineOverhead;
    if (size > 0 && size + length > logMessageLength) {
      messages.push([]);
      size = 0;
    }
    messages.at(-1)?.push(line);
    size += length;
  }
  return messages;
}

// In UTF-16 code units, each at most 3 bytes on the wire: well below the 4 MiB that gRPC clients read.
const logMessageLength = 1_000_000;

/** What a line takes beside its text: time, originator, framing. */
const lineOverhead = 32;

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
