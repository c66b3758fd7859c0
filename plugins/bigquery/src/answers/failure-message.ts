import type { JobError, JobResource } from "../api/job-resource.ts";
import { plainMessage } from "../http/plain-message.ts";

/** How much of the SQL is shown from the place of the error on. */
const excerptLength = 60;

/**
 * What a failed job's user reads: BigQuery's own words, its reason, and the SQL at the place that the words name. The SDKs
 * write a task's SQL in one line, in which nobody finds a column by its number.
 */
export function failureMessage(error: JobError, { configuration, status }: JobResource): string {
  const message = plainMessage(error.message);
  const excerpt = excerptAt(message, configuration.query.query);
  const others = status.errors.map((other) => plainMessage(other.message)).filter((other) => other !== message);
  const further = others.length === 0 ? "" : `; also: ${[...new Set(others)].join("; ")}`;
  const near = excerpt === undefined ? "" : `, near: ${excerpt}`;
  return `${message || "BigQuery does not say why"} (${error.reason || "no reason given"}${near})${further}`;
}

// BigQuery counts lines and columns from 1, and writes them `at [2:15]`.
function excerptAt(message: string, sql: string): string | undefined {
  const [, line, column] = /\[(\d{1,6}):(\d{1,7})\]/.exec(message) ?? [];
  const rest = sql.split(/\r?\n/)[Number(line) - 1]?.slice(Number(column) - 1);
  if (rest === undefined || rest.trim() === "") return undefined;
  return plainMessage(rest.length <= excerptLength ? rest : `${rest.slice(0, excerptLength)}…`);
}
