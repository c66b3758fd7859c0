import type { Execution } from "@flyte-agent/sdk";

/** What BigQuery takes at most. */
const maxLabels = 64;
const maxLength = 63;

/**
 * The labels of a job: who it runs for, the labels of Flyte's execution, and the operator's, which win.
 *
 * BigQuery allows lower case letters, digits, `_` and `-`, and keys that start with a letter: everything else in a
 * label of the execution becomes `_`.
 */
export function jobLabels(execution: Execution, own: Readonly<Record<string, string>>): Record<string, string> {
  const { project, domain, name, nodeId, attempt, labels } = execution;
  const flyte = {
    "flyte-project": project,
    "flyte-domain": domain,
    "flyte-execution": name,
    "flyte-node": nodeId,
    "flyte-attempt": String(attempt),
  };
  const result = new Map(Object.entries(own));
  for (const [key, value] of [...Object.entries(flyte), ...Object.entries(labels)]) {
    const fitting = labelKey(key);
    if (result.size < maxLabels && fitting !== undefined && !result.has(fitting)) result.set(fitting, labelText(value));
  }
  return Object.fromEntries(result);
}

function labelKey(key: string): string | undefined {
  const fitting = labelText(key).replace(/^[^\p{Ll}\p{Lo}]+/u, "");
  return fitting === "" ? undefined : fitting;
}

function labelText(value: string): string {
  return value
    .toLowerCase()
    .replaceAll(/[^\p{Ll}\p{Lo}\p{N}_-]/gu, "_")
    .slice(0, maxLength);
}
