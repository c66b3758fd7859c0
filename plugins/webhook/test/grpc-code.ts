/** The codes of gRPC that tests look for. */
export const grpcCode = { cancelled: 1, invalidArgument: 3, deadlineExceeded: 4 } as const;
