/** The statuses of gRPC, by name. @see https://grpc.io/docs/guides/status-codes/ */
export const grpcCode = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** A status of gRPC that is an error. */
export type GrpcCode = (typeof grpcCode)[keyof typeof grpcCode];
