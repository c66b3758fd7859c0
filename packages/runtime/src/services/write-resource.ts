import { create, type JsonObject, toBinary } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2, wire } from "@flyte-agent/idl";
import { phaseToProto } from "@flyte-agent/sdk/host";
import type { ResourceAnswer } from "../host/agent-host.ts";

/** Room for what stands in an answer beside outputs and custom info: message, links, framing. */
const restBytes = 64 * 1024;

/**
 * Makes the wire form of an answer: `flyteidl.admin.Resource` or `flyteidl2.connector.Resource`.
 *
 * @param maxAnswerBytes a larger answer becomes a failure: grpc-go, which Flyte calls with, reads 4 MiB by default.
 */
export function writeResource(answer: ResourceAnswer, flyte: 1 | 2, maxAnswerBytes: number): wire.Resource {
  const { phase, message, logLinks, outputs, customInfo, errorCode } = withinLimit(answer, maxAnswerBytes - restBytes);
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

function withinLimit(answer: ResourceAnswer, maxBytes: number): ResourceAnswer {
  const customBytes = answer.customInfo === undefined ? 0 : JSON.stringify(answer.customInfo).length;
  const bytes = (answer.outputs?.byteLength ?? 0) + customBytes;
  if (bytes <= maxBytes) return answer;
  return {
    ...answer,
    phase: "failed",
    message:
      `the task ended (${answer.phase}), but its outputs and custom info are ${bytes} bytes; Flyte reads at most ` +
      `${maxBytes}. Return a reference to the data (a file or a structured dataset) instead`,
    outputs: undefined,
    customInfo: undefined,
    errorCode: "message_too_large",
  };
}
