import { create, type JsonObject, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import type { ScriptAttempt, ScriptSlow } from "../propeller/scripted-agents/script.ts";
import { primitive } from "../twins/flyte-types.ts";
import type { CompilableTask } from "./start-workflow.ts";

/** A task of the scripted agents. */
export interface ScriptedTask {
  /** @default "interop_scripted" */
  readonly type?: string;
  /** The course of each attempt. */
  readonly attempts: readonly ScriptAttempt[];
  /** How many attempts more than one it may take. @default 0 */
  readonly retries?: number;
  /** Whether it declares the output `text`. @default false */
  readonly hasText?: boolean;
  /** Makes calls slow. */
  readonly slow?: ScriptSlow;
  /** Propeller ends it after so many seconds. @default never */
  readonly timeoutSeconds?: number;
  /** How many elements its input `numbers` has, for each of which it runs once. @default it is no map task */
  readonly elements?: number;
}

/** The encoded template of a task without inputs, or of a map task as flytekit writes it: lists in, lists out. */
export function scriptedTask(task: ScriptedTask): CompilableTask {
  const {
    type = "interop_scripted",
    attempts,
    retries = 0,
    hasText = false,
    slow = {},
    timeoutSeconds,
    elements,
  } = task;
  const isMapped = elements !== undefined;
  const typeOf = (simple: flyteidl1.SimpleType): MessageInitShape<typeof flyteidl1.VariableSchema> => {
    const one = { type: { case: "simple", value: simple } } as const;
    return { type: isMapped ? { type: { case: "collectionType", value: one } } : one };
  };
  const template = create(flyteidl1.TaskTemplateSchema, {
    id: { resourceType: 1, project: "flytesnacks", domain: "development", name: `interop.${type}`, version: "v1" },
    type,
    metadata: {
      retries: { retries },
      ...(timeoutSeconds === undefined ? {} : { timeout: { seconds: BigInt(timeoutSeconds) } }),
    },
    interface: {
      inputs: { variables: isMapped ? { numbers: typeOf(flyteidl1.SimpleType.INTEGER) } : {} },
      outputs: { variables: hasText ? { text: typeOf(flyteidl1.SimpleType.STRING) } : {} },
    },
    // A script is JSON, which its type does not say.
    custom: { attempts, slow } as unknown as JsonObject,
  });
  const inputs = create(flyteidl1.LiteralMapSchema, { literals: isMapped ? { numbers: listOf(elements) } : {} });
  return {
    template: toBinary(flyteidl1.TaskTemplateSchema, template),
    inputs: toBinary(flyteidl1.LiteralMapSchema, inputs),
    isMapped,
  };
}

function listOf(length: number): MessageInitShape<typeof flyteidl1.LiteralSchema> {
  const literals = Array.from({ length }, (_, index) => primitive({ case: "integer", value: BigInt(index) }));
  return { value: { case: "collection", value: { literals } } };
}
