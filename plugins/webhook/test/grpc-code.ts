/** The codes of gRPC that tests look for. */
export const grpcCode = { invalidArgument: 3, deadlineExceeded: 4 } as const;
