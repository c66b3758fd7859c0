import type { CreateContext, JsonObject, JsonValue, Task } from "@flyte-agent/sdk";

/** What an author's `create` is given, as JSON, by the same names as in the Python twins. */
export function whatIsSeen(task: Task, context: CreateContext): JsonObject {
  const { configs, execution, flyte, outputPrefix } = context;
  const { attempt, environment, labels, annotations, domain, name, namespace, nodeId, project } = execution;
  const seen = {
    type: task.type,
    version: task.typeVersion,
    name: task.id.name,
    custom: task.custom,
    config: task.config,
    sql: task.sql?.statement ?? null,
    container: task.container ?? null,
    retries: task.retries,
    timeout_sec: (task.timeoutMs ?? 0) / 1000,
    secrets: task.secretRequests.map(({ key }) => key),
    inputs: Object.fromEntries(Object.entries(task.inputs).sort(([a], [b]) => (a < b ? -1 : 1))),
    output_prefix: outputPrefix,
    execution: {
      project,
      domain,
      name,
      node: nodeId,
      attempt,
      namespace,
      labels,
      annotations,
      environment,
      service_account: execution.serviceAccount,
    },
    ...(flyte === 2 ? { connection: configs } : {}),
  };
  return JSON.parse(
    JSON.stringify(seen, (_key, value: JsonValue | bigint) => (typeof value === "bigint" ? Number(value) : value)),
  );
}
