/**
 * Flyte's messages and services, gRPC's, and our own, as buf generates them.
 *
 * The two generations of Flyte share most names, so each schema set is a namespace of its own:
 * `flyteidl1.TaskTemplateSchema`, `flyteidl2.TaskTemplateSchema`. The descriptors of the files are in there too, as `file_…`.
 */

/** `flyteagent.runtime.v1`: what a server has loaded. */
export * as runtimeApi from "../gen/flyteagent/runtime/v1/runtime_pb.js";
/** `flyteagent.wire.v1`: the agent calls' envelopes with payloads left as bytes. */
export * as wire from "../gen/flyteagent/wire/v1/wire_pb.js";
/** `grpc.reflection.v1` */
export * as grpcReflection1 from "../gen/grpc/reflection/v1/reflection_pb.js";
/** `grpc.reflection.v1alpha` */
export * as grpcReflection1alpha from "../gen/grpc/reflection/v1alpha/reflection_pb.js";
/** `grpc.health.v1` */
export * as grpcHealth from "../gen/health/v1/health_pb.js";
export * as flyteidl1 from "./flyteidl1.ts";
export * as flyteidl2 from "./flyteidl2.ts";
