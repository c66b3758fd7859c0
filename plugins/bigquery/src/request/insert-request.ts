import { type CreateContext, invalidTask, type JsonObject, type Log } from "@flyte-agent/sdk";
import type { BigQueryOptions } from "../options/options.ts";
import { isSameName, readConfiguredParameters } from "./configured-parameter.ts";
import { jobLabels } from "./job-labels.ts";
import { type NamedParameter, queryParameters } from "./query-parameters.ts";
import type { BigQueryTask, TaskConfig } from "./task-config.ts";

/** The job to insert. */
export interface InsertRequest {
  readonly project: string;
  readonly jobId: string;
  /** The body of `jobs.insert`. */
  readonly body: JsonObject;
}

/**
 * Makes the job that a task asks for.
 *
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationQuery
 * @throws AgentError `invalid_task` or `invalid_input` for what BigQuery cannot be told.
 */
export function insertRequest(
  task: BigQueryTask,
  { project, location, statement, query }: TaskConfig,
  options: BigQueryOptions,
  { idempotencyKey, execution, flyte, log }: Pick<CreateContext, "idempotencyKey" | "execution" | "flyte" | "log">,
): InsertRequest {
  const jobId = `flyte_${idempotencyKey}`;
  return {
    project,
    jobId,
    body: {
      jobReference: { projectId: project, jobId, ...(location === undefined ? {} : { location }) },
      configuration: {
        query: {
          useLegacySql: false,
          ...(options.priority === undefined ? {} : { priority: options.priority }),
          ...query,
          ...limit(query, options, log),
          ...parametersOf(task, query, options, log),
          query: statement,
        },
        labels: jobLabels(execution, options.labels),
        ...timeoutOf(task, flyte),
      },
    },
  };
}

// 0 means "no limit" to BigQuery, so that only a plain number below the ceiling is left as it is.
function limit(
  { maximumBytesBilled: asked = null }: JsonObject,
  { maximumBytesBilled: most }: BigQueryOptions,
  log: Log,
): JsonObject {
  if (most === undefined) return {};
  const askedBytes = /^[1-9]\d*$/.test(String(asked)) ? BigInt(String(asked)) : undefined;
  if (askedBytes !== undefined && askedBytes <= BigInt(most)) return {};
  if (asked !== null) log.info("the operator's maximumBytesBilled is used instead of the task's", { asked, most });
  return { maximumBytesBilled: String(most) };
}

function parametersOf(task: BigQueryTask, query: JsonObject, options: BigQueryOptions, log: Log): JsonObject {
  const configured = readConfiguredParameters(query.queryParameters);
  const inputs = queryParameters(task, configured, options.datetimeType);
  if (inputs.length === 0) return {};
  if (configured.some(({ name }) => name === undefined)) {
    throw invalidTask(
      "custom.queryParameters",
      "has parameters without a name, which cannot be mixed with inputs: BigQuery takes either. Name them, or give the task no inputs",
    );
  }
  const isInput = (name: string | undefined): boolean => inputs.some((input) => isSameName(name, input.name));
  const others = configured.filter(({ name }) => !isInput(name));
  const clashes = configured.map(({ name }) => name).filter(isInput);
  if (clashes.length > 0) {
    log.info("query parameters of the task's QueryJobConfig are replaced by inputs of the same name", { clashes });
  }
  return { parameterMode: "NAMED", queryParameters: [...others.map(({ json }) => json), ...inputs.map(toJson)] };
}

function toJson({ name, type, value }: NamedParameter): JsonObject {
  return { name, parameterType: type, parameterValue: value };
}

// Flyte 1 ends a task after its time itself; in Flyte 2 nobody does.
function timeoutOf({ timeoutMs }: BigQueryTask, flyte: 1 | 2): JsonObject {
  return flyte === 1 || timeoutMs === undefined || timeoutMs <= 0 ? {} : { jobTimeoutMs: String(Math.ceil(timeoutMs)) };
}
