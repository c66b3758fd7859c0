import { randomUUID } from "node:crypto";
import { create, type JsonObject, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { flyteidl1, type wire } from "@flyte-agent/idl";

/** A type, in the form that protobuf-es completes. */
export type TypeInit = MessageInitShape<typeof flyteidl1.LiteralTypeSchema>;

/** A literal, in the form that protobuf-es completes. */
export type LiteralInit = MessageInitShape<typeof flyteidl1.LiteralSchema>;

/** A task for a twin. */
export interface TwinTask {
  readonly scenario: string;
  /** @default "job-1" */
  readonly jobId?: string;
  /** @default "twin" */
  readonly type?: string;
  readonly version?: number;
  readonly inputTypes?: Readonly<Record<string, TypeInit>>;
  readonly inputs?: Readonly<Record<string, LiteralInit>>;
  readonly outputTypes?: Readonly<Record<string, TypeInit>>;
  /** Beside scenario and job id. */
  readonly custom?: JsonObject;
  /** What else the template has. */
  readonly template?: TemplateInit;
}

type TemplateInit = Exclude<MessageInitShape<typeof flyteidl1.TaskTemplateSchema>, flyteidl1.TaskTemplate>;

/** The prefix that all tasks of the twins write to. */
export const outputPrefix = "s3://metadata/flytesnacks-development-f1/n0/data/0";

/** The parts of a request that start a task, for either generation: Flyte 2's messages are Flyte 1's on the wire. */
export function twinTask(task: TwinTask): {
  template: Uint8Array;
  inputs: Uint8Array;
  taskExecutionMetadata: Uint8Array;
  outputPrefix: string;
} {
  return {
    template: templateOf(task),
    inputs: literalMap(task.inputs ?? {}),
    taskExecutionMetadata: executionMetadata(),
    outputPrefix,
  };
}

/** An encoded TaskTemplate. */
export function templateOf({
  scenario,
  jobId = "job-1",
  type = "twin",
  version = 0,
  inputTypes = {},
  outputTypes = {},
  custom = {},
  template = {},
}: TwinTask): Uint8Array {
  return encodeTemplate({
    id: { resourceType: 1, project: "flytesnacks", domain: "development", name: "twins.task", version: "v1" },
    type,
    taskTypeVersion: version,
    custom: { scenario, job_id: jobId, ...custom },
    interface: { inputs: variables(inputTypes), outputs: variables(outputTypes) },
    metadata: { runtime: { type: 1, version: "1.16.31" } },
    ...template,
  });
}

/** An encoded TaskTemplate, of any content. */
export function encodeTemplate(template: TemplateInit): Uint8Array {
  return toBinary(flyteidl1.TaskTemplateSchema, create(flyteidl1.TaskTemplateSchema, template));
}

/** An encoded LiteralMap, which Flyte 2's Inputs are too. */
export function literalMap(literals: Readonly<Record<string, LiteralInit>>): Uint8Array {
  return toBinary(flyteidl1.LiteralMapSchema, create(flyteidl1.LiteralMapSchema, { literals }));
}

/** `resource_meta` as the twins write it. */
export function jobBytes(scenario: string, jobId = "job-1"): Uint8Array {
  return encode(JSON.stringify({ scenario, job_id: jobId, note: "", seen: null }));
}

/** The request about a job of a twin. */
export function aboutJob(
  job: Uint8Array,
  { type = "twin", version = 0 }: { readonly type?: string; readonly version?: number } = {},
): { resourceMeta: Uint8Array; taskCategory: MessageInitShape<typeof wire.TaskCategorySchema> } {
  return { resourceMeta: job, taskCategory: { name: type, version } };
}

/** UTF-8. */
export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * What FlytePropeller says of an execution. It is of another version of the task each time: of one attempt there is one
 * job, and the twins say what else they see.
 */
function executionMetadata(): Uint8Array {
  return toBinary(
    flyteidl1.TaskExecutionMetadataSchema,
    create(flyteidl1.TaskExecutionMetadataSchema, {
      taskExecutionId: {
        taskId: {
          resourceType: 1,
          project: "flytesnacks",
          domain: "development",
          name: "twins.task",
          version: randomUUID(),
        },
        nodeExecutionId: {
          nodeId: "n0",
          executionId: { project: "flytesnacks", domain: "development", name: "f1" },
        },
        retryAttempt: 2,
      },
      namespace: "flytesnacks-development",
      labels: { "node-id": "n0", Größe: "1" },
      annotations: { note: "" },
      k8sServiceAccount: "robot",
      environmentVariables: { LEVEL: "debug" },
    }),
  );
}

function variables(types: Readonly<Record<string, TypeInit>>): MessageInitShape<typeof flyteidl1.VariableMapSchema> {
  return { variables: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }])) };
}
