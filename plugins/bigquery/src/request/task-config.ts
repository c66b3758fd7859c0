import { invalidTask, type JsonObject, type Task, type TaskInputs } from "@flyte-agent/sdk";
import * as v from "valibot";
import { type BigQueryOptions, isLocation, isProjectId } from "../options/options.ts";

/** What a task asks for beside its SQL. */
export interface TaskConfig {
  /** The project that runs and pays for the job. */
  readonly project: string;
  /** Where to run it; `undefined` lets BigQuery find out from the tables. */
  readonly location: string | undefined;
  /** Flyte's domain that the task was registered in, `""` if it does not say. */
  readonly domain: string;
  readonly statement: string;
  /** The `query` part of a job's configuration in BigQuery's REST API; `{}` if the operator has it ignored. */
  readonly query: JsonObject;
}

/** Keys of `custom` that are not the QueryJobConfig's. The last three are those of Flyte 2's Connection. */
const ownKeys: ReadonlySet<string> = new Set(["ProjectID", "Location", "Domain", "secrets", "configs", "task_type"]);

/** A task with its `custom` as {@link taskCustom} makes it. */
export type BigQueryTask = Task<TaskInputs, TaskCustom>;

type TaskCustom = Omit<TaskConfig, "statement">;

const projectId = 'expected the id of a Google Cloud project, such as "acme-dw"';
const location = 'expected a location such as "EU", or none';

/**
 * The schema of `custom` as flytekit's and flyte-sdk's BigQueryTask write it: keys of the task's own lie beside those of
 * the QueryJobConfig.
 */
export function taskCustom(options: BigQueryOptions): v.GenericSchema<unknown, TaskCustom> {
  const project = v.pipe(v.string(projectId), v.check(isProjectId, projectId));
  return v.pipe(
    v.looseObject(
      {
        ProjectID: options.project === undefined ? project : v.nullish(project, options.project),
        Location: v.nullish(
          v.pipe(
            v.string(location),
            v.check((name) => name === "" || isLocation(name), location),
          ),
        ),
      },
      projectId,
    ),
    v.transform((custom) => ({
      project: custom.ProjectID,
      location: custom.Location || options.location,
      domain: typeof custom.Domain === "string" ? custom.Domain : "",
      // What is in `custom` came out of a protobuf Struct: it is JSON.
      query: options.ignoreQueryJobConfig ? {} : queryConfigOf(custom as JsonObject),
    })),
  );
}

/**
 * What a task asks for.
 *
 * @throws AgentError `invalid_task` without SQL, or for a project that the operator does not allow.
 */
export function readTaskConfig({ sql, custom }: BigQueryTask, { allowedProjects }: BigQueryOptions): TaskConfig {
  if (sql === undefined || sql.statement.trim() === "") {
    throw invalidTask("sql.statement", "is missing, expected the SQL to run. Give the task a query_template");
  }
  if (allowedProjects !== undefined && !allowedProjects.includes(custom.project)) {
    throw invalidTask(
      "custom.ProjectID",
      `the operator of this server does not allow jobs in "${custom.project}", ` +
        (allowedProjects.length === 0 ? "nor in any other project" : `only in ${allowedProjects.join(", ")}`),
    );
  }
  return { ...custom, statement: sql.statement };
}

function queryConfigOf(custom: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(custom).filter(([key]) => !ownKeys.has(key)));
}
