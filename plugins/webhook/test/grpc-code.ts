/** The codes of gRPC that tests look for. */
export const grpcCode = { cancelled: 1, deadlineExceeded: 4 } as const;
