import { Code } from "@connectrpc/connect";
import { type AgentErrorCode, isAgentError } from "@flyte-agent/sdk";

interface Status {
  readonly grpc: Code;
  /** The number that the metrics show, as the Python servers do. */
  readonly http: number;
}

const invalid: Status = { grpc: Code.InvalidArgument, http: 400 };
const internal: Status = { grpc: Code.Internal, http: 500 };
const unavailable: Status = { grpc: Code.Unavailable, http: 503 };
const precondition: Status = { grpc: Code.FailedPrecondition, http: 412 };

const statuses: Readonly<Record<AgentErrorCode, Status>> = {
  agent_not_found: { grpc: Code.NotFound, http: 404 },
  call_cancelled: { grpc: Code.Canceled, http: 499 },
  deadline_exceeded: { grpc: Code.DeadlineExceeded, http: 504 },
  invalid_config: precondition,
  invalid_input: invalid,
  invalid_job: invalid,
  invalid_manifest: precondition,
  invalid_option: precondition,
  invalid_output: internal,
  invalid_request: invalid,
  invalid_task: invalid,
  job_not_found: { grpc: Code.NotFound, http: 404 },
  job_too_large: internal,
  malformed_message: internal,
  message_too_large: { grpc: Code.ResourceExhausted, http: 413 },
  operation_not_supported: { grpc: Code.Unimplemented, http: 501 },
  plugin_conflict: precondition,
  plugin_failed: internal,
  plugin_invalid: internal,
  plugin_unavailable: unavailable,
  port_unavailable: unavailable,
  secret_not_found: precondition,
  vendor_misconfigured: precondition,
  vendor_refused: precondition,
  vendor_unavailable: unavailable,
};

function statusOf(reason: unknown): Status {
  return isAgentError(reason) ? statusOfCode(reason.code) : internal;
}

// An AgentError of another copy of the SDK may have a code that this one does not know.
function statusOfCode(code: AgentErrorCode): Status {
  return Object.hasOwn(statuses, code) ? statuses[code] : internal;
}

/** The gRPC status of an error. */
export function grpcCodeOf(reason: unknown): Code {
  return statusOf(reason).grpc;
}

/** The metrics label of an error code: the text of an HTTP status, as the Python servers write it. */
export function httpStatusOf(code: AgentErrorCode): string {
  return String(statusOfCode(code).http);
}
