import {
  type Agent,
  type AgentError,
  failed,
  isAgentError,
  type JsonObject,
  type LiteralType,
  type LogLink,
  type Resource,
  writtenToOutputPrefix,
} from "@flyte-agent/sdk";
import { isPhase, pluginInvalid, writeOutputs } from "@flyte-agent/sdk/host";
import type { ResourceAnswer } from "../seam/agent-calls.ts";
import { toPlainJson } from "./plain-answers.ts";

const maxMessageLength = 4096;

/**
 * Turns what an agent answered into plain data, with outputs encoded by their declared types. Outputs that do not fit
 * make the task fail, with the reason as message: the job is done, and polling again would not change it.
 *
 * @param integers of the agent: says what a plain number is where no type is declared.
 * @param declared `undefined` where the task's interface is not known; outputs are then converted by their own look.
 */
export function toResourceAnswer(
  resource: Resource,
  { integers }: Pick<Agent, "integers">,
  declared: ReadonlyMap<string, LiteralType> | undefined,
): ResourceAnswer {
  const { outputs, problem } =
    resource.phase === "succeeded" ? encodeOutputs(resource.outputs, integers, declared) : noOutputs;
  const told = problem === undefined ? resource : failed(problem.message, { ...resource, code: problem.code });
  return {
    phase: told.phase,
    message: shorten(String(told.message ?? "")),
    logLinks: (told.logLinks ?? []).filter(isLink).map(({ name, uri }) => ({ name: String(name ?? uri), uri })),
    outputs,
    customInfo: told.customInfo === undefined ? undefined : unlessEmpty(toPlainJson(told.customInfo)),
    errorCode: "code" in told ? String(told.code ?? "") : "",
  };
}

interface EncodedOutputs {
  readonly outputs: Uint8Array | undefined;
  readonly problem?: AgentError;
}

const noOutputs: EncodedOutputs = { outputs: undefined };

function encodeOutputs(
  outputs: Extract<Resource, { phase: "succeeded" }>["outputs"],
  integers: Agent["integers"],
  declared: ReadonlyMap<string, LiteralType> | undefined,
): EncodedOutputs {
  if (outputs === writtenToOutputPrefix) return noOutputs;
  // Flyte ignores what a task without outputs answers, and an agent's `get` cannot know that the task has none.
  const expected = declared?.size === 0 ? {} : outputs;
  try {
    return { outputs: writeOutputs(expected, declared, { integers }) };
  } catch (reason) {
    if (isAgentError(reason)) return { outputs: undefined, problem: reason };
    throw reason;
  }
}

/**
 * Makes sure that an agent answered with a resource: plugins in plain JavaScript have no compiler to tell them.
 *
 * @throws AgentError `plugin_invalid`.
 */
export function checkResource(resource: Resource): Resource {
  const phase = typeof resource === "object" && resource !== null && "phase" in resource ? resource.phase : undefined;
  if (isPhase(phase)) return resource;
  throw pluginInvalid(
    "an agent must answer with queued(), running(), succeeded(), failed() or another of the SDK's results, " +
      `got ${typeof resource === "object" && resource !== null ? `an object with phase ${JSON.stringify(phase)}` : typeof resource}`,
  );
}

// The Python servers leave an empty one out.
function unlessEmpty(customInfo: JsonObject): JsonObject | undefined {
  return Object.keys(customInfo).length === 0 ? undefined : customInfo;
}

// A link that is no address would be a dead link in the console.
function isLink({ uri }: LogLink): boolean {
  return URL.canParse(uri) && /^https?:/i.test(uri);
}

function shorten(message: string): string {
  return message.length <= maxMessageLength ? message : `${message.slice(0, maxMessageLength - 1)}…`;
}
