import type { DescMethodServerStreaming, DescMethodUnary } from "@bufbuild/protobuf";
import { wire } from "@flyte-agent/idl";
import type { AgentService } from "./agent-service.ts";
import { type ServiceMethod, serverStreaming, unary } from "./service-method.ts";

/** The methods of `AsyncAgentService` (Flyte 1) and `AsyncConnectorService` (Flyte 2), which are named alike. */
export interface AsyncMethods {
  readonly createTask: DescMethodUnary;
  readonly getTask: DescMethodUnary;
  readonly deleteTask: DescMethodUnary;
  readonly getTaskMetrics: DescMethodUnary;
  readonly getTaskLogs: DescMethodServerStreaming;
}

/** The asynchronous methods of one generation, each with its envelopes. */
export function asyncMethods(names: AsyncMethods, service: AgentService): readonly ServiceMethod[] {
  return [
    unary(
      names.createTask,
      { request: wire.CreateTaskRequestSchema, response: wire.CreateTaskResponseSchema },
      service.createTask,
    ),
    unary(names.getTask, { request: wire.GetTaskRequestSchema, response: wire.GetTaskResponseSchema }, service.getTask),
    unary(
      names.deleteTask,
      { request: wire.DeleteTaskRequestSchema, response: wire.DeleteTaskResponseSchema },
      service.deleteTask,
    ),
    unary(
      names.getTaskMetrics,
      { request: wire.GetTaskMetricsRequestSchema, response: wire.GetTaskMetricsResponseSchema },
      service.getTaskMetrics,
    ),
    serverStreaming(
      names.getTaskLogs,
      { request: wire.GetTaskLogsRequestSchema, response: wire.GetTaskLogsResponseSchema },
      service.getTaskLogs,
    ),
  ];
}
