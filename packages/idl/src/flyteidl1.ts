/** Everything of Flyte 1 that an agent meets: `flyteidl.admin`, `flyteidl.core`, `flyteidl.service`. */
export * from "../gen/flyteidl/admin/agent_pb.js";
export * from "../gen/flyteidl/admin/description_entity_pb.js";
export * from "../gen/flyteidl/admin/task_pb.js";
export * from "../gen/flyteidl/core/artifact_id_pb.js";
export * from "../gen/flyteidl/core/errors_pb.js";
export * from "../gen/flyteidl/core/execution_pb.js";
export * from "../gen/flyteidl/core/identifier_pb.js";
export * from "../gen/flyteidl/core/interface_pb.js";
export * from "../gen/flyteidl/core/literals_pb.js";
export * from "../gen/flyteidl/core/metrics_pb.js";
export * from "../gen/flyteidl/core/security_pb.js";
export * from "../gen/flyteidl/core/tasks_pb.js";
export * from "../gen/flyteidl/core/types_pb.js";
export * from "../gen/flyteidl/core/workflow_pb.js";
export * from "../gen/flyteidl/service/agent_pb.js";
