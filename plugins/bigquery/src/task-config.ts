import { invalidTask, type JsonObject, type Task } from "@flyte-agent/sdk";
import { type BigQueryOptions, isLocation, isProjectId } from "./options.ts";

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

/**
 * Reads a task as flytekit's and flyte-sdk's BigQueryTask write it: in `custom`, the keys of the task's own lie beside
 * those of the QueryJobConfig.
 *
 * @throws AgentError `invalid_task` naming the key, also for a project that the operator does not allow.
 */
export function readTaskConfig(task: Task, options: BigQueryOptions): TaskConfig {
  const { custom, sql } = task;
  if (sql === undefined || sql.statement.trim() === "") {
    throw invalidTask("sql.statement", "is missing, expected the SQL to run. Give the task a query_template");
  }
  const project = readProject(custom, options);
  if (options.allowedProjects !== undefined && !options.allowedProjects.includes(project)) {
    throw invalidTask(
      "custom.ProjectID",
      `the operator of this server does not allow jobs in "${project}", ` +
        (options.allowedProjects.length === 0
          ? "nor in any other project"
          : `only in ${options.allowedProjects.join(", ")}`),
    );
  }
  return {
    project,
    location: readLocation(custom, options),
    domain: typeof custom.Domain === "string" ? custom.Domain : "",
    statement: sql.statement,
    query: options.ignoreQueryJobConfig ? {} : queryConfigOf(custom),
  };
}

function readProject({ ProjectID: project = null }: JsonObject, options: BigQueryOptions): string {
  if (typeof project === "string" && isProjectId(project)) return project;
  if (project === null && options.project !== undefined) return options.project;
  const problem = project === null || project === "" ? "is missing" : `is ${shown(project)}`;
  throw invalidTask("custom.ProjectID", `${problem}, expected the id of a Google Cloud project, such as "acme-dw"`);
}

function readLocation({ Location: location = null }: JsonObject, options: BigQueryOptions): string | undefined {
  if (typeof location === "string" && isLocation(location)) return location;
  if (location === null || location === "") return options.location;
  throw invalidTask("custom.Location", `is ${shown(location)}, expected a location such as "EU", or none`);
}

function queryConfigOf(custom: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(custom).filter(([key]) => !ownKeys.has(key)));
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 100);
}
