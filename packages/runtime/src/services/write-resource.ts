import { create, type JsonObject, toBinary } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2, wire } from "@flyte-agent/idl";
import { phaseToProto } from "@flyte-agent/sdk/host";
import type { ResourceAnswer } from "../seam/agent-calls.ts";

/**
 * Makes the wire form of an answer: `flyteidl.admin.Resource` or `flyteidl2.connector.Resource`.
 *
 * @param maxAnswerBytes a larger answer becomes a failure: grpc-go, which Flyte calls with, reads 4 MiB by default.
 */
export function writeResource(answer: ResourceAnswer, flyte: 1 | 2, maxAnswerBytes: number): wire.Resource {
  const resource = toResource(answer, flyte);
  if (roughBytes(answer) + answerFrameBytes <= maxAnswerBytes) return resource;
  const bytes = toBinary(wire.ResourceSchema, resource).byteLength;
  if (bytes + answerFrameBytes <= maxAnswerBytes) return resource;
  const message =
    `the task ended (${answer.phase}), but its answer is ${bytes} bytes, and Flyte reads at most ${maxAnswerBytes}. ` +
    "Return a reference to the data (a file or a structured dataset) instead";
  const errorCode = "message_too_large";
  return toResource(
    { phase: "failed", message, logLinks: [], outputs: undefined, customInfo: undefined, errorCode },
    flyte,
  );
}

/** Room for what stands around a resource in its response. */
const answerFrameBytes = 32;

// At least what the answer takes on the wire, without encoding it: one character of JSON becomes at most six bytes of
// a Struct (a number takes eleven, with its comma), and one of a string at most three.
function roughBytes({ outputs, customInfo, message, logLinks, errorCode }: ResourceAnswer): number {
  const custom = customInfo === undefined ? 0 : JSON.stringify(customInfo).length;
  const links = logLinks.reduce((sum, { name, uri }) => sum + name.length + uri.length + 16, 0);
  return (outputs?.byteLength ?? 0) + 6 * custom + 3 * (message.length + links + errorCode.length) + 1024;
}

function toResource(
  { phase, message, logLinks, outputs, customInfo, errorCode }: ResourceAnswer,
  flyte: 1 | 2,
): wire.Resource {
  return create(wire.ResourceSchema, {
    phase: phaseToProto(phase),
    message,
    logLinks: logLinks.map((link) => (flyte === 1 ? flyte1Link(link) : flyte2Link(link))),
    ...(outputs === undefined ? {} : { outputs }),
    // The SDK's JSON objects are readonly, protobuf-es's are not; nothing writes to it.
    ...(customInfo === undefined ? {} : { customInfo: customInfo as JsonObject }),
    ...(errorCode === "" || flyte === 2
      ? {}
      : { agentError: create(wire.AgentErrorSchema, { code: errorCode, kind: recoverable(phase) }) }),
  });
}

// flyteidl.admin.AgentError.Kind: NON_RECOVERABLE 0, RECOVERABLE 1.
function recoverable(phase: ResourceAnswer["phase"]): number {
  return phase === "retryable_failed" ? 1 : 0;
}

function flyte1Link({ name, uri }: { readonly name: string; readonly uri: string }): Uint8Array {
  return toBinary(flyteidl1.TaskLogSchema, create(flyteidl1.TaskLogSchema, { name, uri, ShowWhilePending: true }));
}

function flyte2Link({ name, uri }: { readonly name: string; readonly uri: string }): Uint8Array {
  return toBinary(
    flyteidl2.TaskLogSchema,
    create(flyteidl2.TaskLogSchema, {
      name,
      uri,
      ShowWhilePending: true,
      ready: true,
      linkType: flyteidl2.TaskLog_LinkType.DASHBOARD,
    }),
  );
}
