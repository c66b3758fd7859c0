import type { TraceContext } from "../../seam/agent-calls.ts";

/** Longer values are dropped: W3C asks for 512 characters to be handed on. */
const longestState = 512;

// version - trace id - span id - flags. Versions to come may have more after another dash.
const traceparentPattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?=$|-)/;

/**
 * Reads the trace that a request belongs to; what is no trace counts as none.
 *
 * @see https://www.w3.org/TR/trace-context/
 */
export function readTrace(
  traceparent: string | null | undefined,
  state: string | null | undefined,
): TraceContext | undefined {
  if (traceparent === undefined || traceparent === null) return undefined;
  const [known] = traceparentPattern.exec(traceparent) ?? [];
  if (known === undefined) return undefined;
  return { traceparent: known, tracestate: state != null && state.length <= longestState ? state : "" };
}
