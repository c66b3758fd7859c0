import type { Task } from "@flyte-agent/sdk";

/**
 * The user agent under which the Python connectors run a task's job; Flyte 2's jobs carry it, so that it must be theirs.
 *
 * @param domain Flyte's domain that the task was registered in.
 */
export function userAgentOf({ sdkVersion }: Pick<Task, "sdkVersion">, domain: string, flyte: 1 | 2): string {
  const sdk = flyte === 1 ? "Flytekit" : "Flyte";
  return `${sdk}/${sdkVersion} (GPN:Union;${domain})`.replaceAll(/[^ -~]/g, "").slice(0, 200);
}

/** The user agent of calls about jobs that carry none. */
export const ownUserAgent = "flyte-agent-bigquery";
