import type { AgentClient } from "./agent-client.ts";
import { listOf, primitive, types } from "./flyte-types.ts";
import { forEachError, type TwinCase } from "./twin-case.ts";
import { encodeTemplate, outputPrefix, type TwinTask, twinTask } from "./twin-task.ts";

const answers = [
  "succeeded",
  "failed",
  "retryable failed",
  "aborted",
  "failed with everything",
  "written to a file",
  "undefined",
  "queued",
  "running",
  "links",
  "output integer",
  "output structure",
  "output list",
] as const;

type Part = Parameters<AgentClient["executeSync"]>[0][number];

/** What the task of a scenario declares. */
const declaredOutputs: Readonly<Record<string, NonNullable<TwinTask["outputTypes"]>>> = {
  "output integer": { o: types.integer },
  "output structure": { o: types.struct },
  "output list": { o: listOf(types.integer) },
};

/** ExecuteTaskSync of Flyte 1. */
export const syncCases: readonly TwinCase[] = [
  ...answers.map((scenario) => executed(`sync/answer: ${scenario}`, { scenario })),
  ...forEachError((kind) => executed(`sync/error: ${kind}`, { scenario: `raise do ${kind}` })),
  executed("sync/sees inputs", {
    scenario: "seen",
    inputTypes: { text: types.string, count: types.integer },
    inputs: {
      text: primitive({ case: "stringValue", value: "Größe 💥" }),
      count: primitive({ case: "integer", value: 7n }),
    },
  }),
  executed("sync/an output that is not declared", { scenario: "output text", outputTypes: {} }),
  executed("sync/unknown task type", { scenario: "succeeded", type: "twin_unknown" }),
  executed("sync/unknown version", { scenario: "succeeded", version: 1 }),
  executed("sync/an async task type", { scenario: "succeeded", type: "twin" }),
  streamed("sync/the client does not end its side", parts({ scenario: "succeeded" }), false),
  streamed("sync/no message", []),
  streamed("sync/a header and no inputs", parts({ scenario: "succeeded" }).slice(0, 1)),
  streamed("sync/inputs alone", parts({ scenario: "succeeded" }).slice(1)),
  streamed("sync/inputs first", parts({ scenario: "succeeded" }).toReversed()),
  streamed("sync/two headers", [...parts({ scenario: "succeeded" }).slice(0, 1), ...parts({ scenario: "succeeded" })]),
  streamed("sync/more than the inputs", [...parts({ scenario: "succeeded" }), ...parts({ scenario: "failed" })]),
  streamed("sync/an empty message first", [{}, ...parts({ scenario: "succeeded" })]),
  streamed("sync/a header without template", [
    { part: { case: "header", value: { outputPrefix } } },
    { part: { case: "inputs", value: new Uint8Array() } },
  ]),
  streamed("sync/a template without task type", [
    { part: { case: "header", value: { template: encodeTemplate({}), outputPrefix } } },
    { part: { case: "inputs", value: new Uint8Array() } },
  ]),
];

// A task of the twin declares the output that its scenario answers.
function executed(name: string, task: TwinTask): TwinCase {
  const outputTypes = task.outputTypes ?? declaredOutputs[task.scenario] ?? {};
  return streamed(name, parts({ type: "twin_sync", ...task, outputTypes }));
}

function streamed(name: string, messages: readonly Part[], isHalfClosed = true): TwinCase {
  return { name, only: "1", ask: async (client) => (await client.executeSync(messages, { isHalfClosed })).facts };
}

function parts(task: TwinTask): readonly Part[] {
  const { template, inputs, taskExecutionMetadata } = twinTask({ type: "twin_sync", ...task });
  return [
    { part: { case: "header", value: { template, outputPrefix, taskExecutionMetadata } } },
    { part: { case: "inputs", value: inputs } },
  ];
}
