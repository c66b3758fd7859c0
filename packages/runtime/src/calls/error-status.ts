import { type AgentErrorCode, isAgentError } from "@flyte-agent/sdk";
import { type GrpcCode, grpcCode } from "./grpc-code.ts";

interface Status {
  readonly grpc: GrpcCode;
  /** The number that the metrics show, as the Python servers do. */
  readonly http: number;
}

const invalid: Status = { grpc: grpcCode.invalidArgument, http: 400 };
const internal: Status = { grpc: grpcCode.internal, http: 500 };
const unavailable: Status = { grpc: grpcCode.unavailable, http: 503 };
const precondition: Status = { grpc: grpcCode.failedPrecondition, http: 412 };

const statuses: Readonly<Record<AgentErrorCode, Status>> = {
  agent_not_found: { grpc: grpcCode.notFound, http: 404 },
  call_cancelled: { grpc: grpcCode.cancelled, http: 499 },
  deadline_exceeded: { grpc: grpcCode.deadlineExceeded, http: 504 },
  invalid_config: precondition,
  invalid_input: invalid,
  invalid_job: invalid,
  invalid_manifest: precondition,
  invalid_option: precondition,
  invalid_output: internal,
  invalid_request: invalid,
  invalid_task: invalid,
  job_not_found: { grpc: grpcCode.notFound, http: 404 },
  job_too_large: internal,
  malformed_message: internal,
  message_too_large: { grpc: grpcCode.resourceExhausted, http: 413 },
  operation_not_supported: { grpc: grpcCode.unimplemented, http: 501 },
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
export function grpcCodeOf(reason: unknown): GrpcCode {
  return statusOf(reason).grpc;
}

/** The metrics label of an error code: the text of an HTTP status, as the Python servers write it. */
export function httpStatusOf(code: AgentErrorCode): string {
  return String(statusOfCode(code).http);
}
