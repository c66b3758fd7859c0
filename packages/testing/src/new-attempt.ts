import { randomBytes } from "node:crypto";
import type { ExecutionOptions, StartOptions } from "./test-host.ts";

/** Which attempt of which task is started, and where its outputs go. */
export interface Attempt {
  readonly execution: Required<ExecutionOptions>;
  readonly outputPrefix: string;
}

/** Completes what a test says about an attempt. One without a name is an execution of its own. */
export function newAttempt({ flyte = 1, execution = {}, outputPrefix }: StartOptions): Attempt {
  const {
    project = "flytesnacks",
    domain = "development",
    name = `f${randomBytes(9).toString("hex")}`,
    nodeId = flyte === 1 ? "n0" : "a0",
    attempt = 0,
    labels = {},
    serviceAccount = "",
  } = execution;
  // The path that FlytePropeller and Flyte 2's executor make: both end it with the attempt.
  const path =
    flyte === 1
      ? `metadata/propeller/${project}-${domain}-${name}/${nodeId}/data/${attempt}`
      : `${project}/${domain}/${name}/${nodeId}/${attempt + 1}`;
  return {
    execution: { project, domain, name, nodeId, attempt, labels, serviceAccount },
    outputPrefix: outputPrefix ?? `s3://flyte-agent-test/${path}`,
  };
}
