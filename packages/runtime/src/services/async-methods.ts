import type { DescMethodServerStreaming, DescMethodUnary } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { wire } from "@flyte-agent/idl";
import type { AgentService } from "./agent-service.ts";
import { type Encoding, serverStreaming, unary } from "./encoding.ts";

/** The methods of `AsyncAgentService` (Flyte 1) and `AsyncConnectorService` (Flyte 2), which are named alike. */
export interface AsyncMethods {
  readonly createTask: DescMethodUnary;
  readonly getTask: DescMethodUnary;
  readonly deleteTask: DescMethodUnary;
  readonly getTaskMetrics: DescMethodUnary;
  readonly getTaskLogs: DescMethodServerStreaming;
}

/** Serves the asynchronous methods of one generation, each with its envelopes. */
export function asyncMethods(
  router: ConnectRouter,
  encoding: Encoding,
  methods: AsyncMethods,
  service: AgentService,
): void {
  const { createTask, getTask, deleteTask, getTaskMetrics, getTaskLogs } = methods;
  unary(
    router,
    encoding,
    createTask,
    { request: wire.CreateTaskRequestSchema, response: wire.CreateTaskResponseSchema },
    service.createTask,
  );
  unary(
    router,
    encoding,
    getTask,
    { request: wire.GetTaskRequestSchema, response: wire.GetTaskResponseSchema },
    service.getTask,
  );
  unary(
    router,
    encoding,
    deleteTask,
    { request: wire.DeleteTaskRequestSchema, response: wire.DeleteTaskResponseSchema },
    service.deleteTask,
  );
  unary(
    router,
    encoding,
    getTaskMetrics,
    { request: wire.GetTaskMetricsRequestSchema, response: wire.GetTaskMetricsResponseSchema },
    service.getTaskMetrics,
  );
  serverStreaming(
    router,
    encoding,
    getTaskLogs,
    { request: wire.GetTaskLogsRequestSchema, response: wire.GetTaskLogsResponseSchema },
    service.getTaskLogs,
  );
}
