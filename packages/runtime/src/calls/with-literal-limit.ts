import { countLiterals, type LiteralCount } from "@flyte-agent/literals";
import { malformedMessage } from "@flyte-agent/sdk/host";
import type { AgentCalls } from "../seam/agent-calls.ts";
import { tooManyLiterals } from "../seam/call-errors.ts";

/**
 * Refuses tasks whose inputs hold too many literals before anything of them is decoded: 16 MiB can hold two million,
 * which would keep the thread busy for seconds and take a gigabyte.
 */
export function withLiteralLimit(next: AgentCalls, maxLiterals: number): AgentCalls {
  function counted<Call extends { readonly inputs: Uint8Array }>(
    call: Call,
  ): Call & { readonly offloadedCount: number } {
    const { literals, offloaded } = countOf(call.inputs);
    if (literals > maxLiterals) throw tooManyLiterals(literals, maxLiterals);
    return { ...call, offloadedCount: offloaded };
  }
  return {
    ...next,
    create: async (call, signal) => next.create(counted(call), signal),
    do: async (call, signal) => next.do(counted(call), signal),
  };
}

function countOf(inputs: Uint8Array): LiteralCount {
  try {
    return countLiterals(inputs);
  } catch (cause) {
    throw malformedMessage("inputs", { cause });
  }
}
