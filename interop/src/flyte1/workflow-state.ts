/** What a FlyteWorkflow object says of its execution. */
export interface WorkflowState {
  readonly phase: WorkflowPhase;
  /** Why it failed. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
  /** Whether propeller has stored that the job of its task runs. */
  readonly isJobRunning: boolean;
  /** How many attempts its task has had before this one. */
  readonly attempts: number;
  /** Where its outputs are, as a `file://` or `s3://` address; `""` while it has none. */
  readonly outputsUri: string;
  /** How often propeller itself failed at it. */
  readonly systemFailures: number;
}

/** In the order of FlytePropeller's numbers. */
const workflowPhases = [
  "ready",
  "running",
  "succeeding",
  "succeeded",
  "failing",
  "failed",
  "aborted",
  "handling failure",
] as const;

/** `v1alpha1.WorkflowPhase` */
export type WorkflowPhase = (typeof workflowPhases)[number];

/** `PhaseRunning` of propeller's plugins. */
const runningTaskPhase = 5;

/** Whether propeller is done with it. */
export function isEnded({ phase }: WorkflowState): boolean {
  return phase === "succeeded" || phase === "failed" || phase === "aborted";
}

/**
 * Reads the status of a FlyteWorkflow object whose only node is called `task`; what propeller has not written yet has its
 * initial value. Throws if a field is of another kind.
 */
export function readWorkflowState(object: unknown): WorkflowState {
  const status = recordAt(object, "status");
  const phaseNumber = numberAt(status, "phase");
  const phase = workflowPhases[phaseNumber];
  if (phase === undefined) throw new Error(`status.phase: got ${phaseNumber}, which is no phase of a workflow`);
  const node = recordAt(recordAt(status, "nodeStatus"), "task");
  const error = status.error === undefined ? undefined : recordAt(status, "error");
  return {
    phase,
    error: error && { code: textAt(error, "code"), message: textAt(error, "message") },
    isJobRunning: numberAt(recordAt(node, "TaskNodeStatus"), "phase") === runningTaskPhase,
    attempts: numberAt(node, "attempts"),
    outputsUri: textAt(status, "outputRef"),
    systemFailures: numberAt(status, "failedAttempts"),
  };
}

type JsonRecord = Readonly<Record<string, unknown>>;

function recordAt(value: unknown, key: string): JsonRecord {
  const member = isRecord(value) ? (value[key] ?? {}) : undefined;
  if (isRecord(member)) return member;
  throw new Error(`${key}: got ${JSON.stringify(member)}, expected an object`);
}

function numberAt(value: JsonRecord, key: string): number {
  const member = value[key] ?? 0;
  if (typeof member === "number") return member;
  throw new Error(`${key}: got ${JSON.stringify(member)}, expected a number`);
}

function textAt(value: JsonRecord, key: string): string {
  const member = value[key] ?? "";
  if (typeof member === "string") return member;
  throw new Error(`${key}: got ${JSON.stringify(member)}, expected a text`);
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
