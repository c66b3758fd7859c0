/** An error as Google's JSON APIs answer it (`error` of the body), with one entry in `errors`. */
export interface GoogleError {
  /** HTTP status. */
  readonly status: number;
  /** For example `invalidQuery`; BigQuery's "Error messages" page lists them. */
  readonly reason: string;
  readonly message: string;
  /** What of the request is wrong; for an invalid query BigQuery says `q`. */
  readonly location?: string;
}

const statusNames: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ALREADY_EXISTS",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
};

/** The body of an answer with that error. */
export function googleErrorBody({ status, reason, message, location }: GoogleError): unknown {
  const place = location === undefined ? {} : { location, locationType: "parameter" };
  return {
    error: {
      code: status,
      message,
      errors: [{ message, domain: "global", reason, ...place }],
      ...(statusNames[status] === undefined ? {} : { status: statusNames[status] }),
    },
  };
}
