/** Everything of Flyte 2 that an agent meets: `flyteidl2.connector`, `flyteidl2.core`, `flyteidl2.task`, … */
export * from "../gen/flyteidl2/common/identifier_pb.js";
export * from "../gen/flyteidl2/connector/connector_pb.js";
export * from "../gen/flyteidl2/connector/service_pb.js";
export * from "../gen/flyteidl2/core/artifact_id_pb.js";
export * from "../gen/flyteidl2/core/execution_pb.js";
export * from "../gen/flyteidl2/core/identifier_pb.js";
export * from "../gen/flyteidl2/core/interface_pb.js";
export * from "../gen/flyteidl2/core/literals_pb.js";
export * from "../gen/flyteidl2/core/metrics_pb.js";
export * from "../gen/flyteidl2/core/security_pb.js";
export * from "../gen/flyteidl2/core/tasks_pb.js";
export * from "../gen/flyteidl2/core/types_pb.js";
export * from "../gen/flyteidl2/logs/dataplane/payload_pb.js";
export * from "../gen/flyteidl2/task/common_pb.js";
