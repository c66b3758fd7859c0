import { type GoogleError, googleErrorBody } from "./google-error.ts";

/** An answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer of JSON. */
export function jsonAnswer(body: unknown, status = 200): Answer {
  return { status, headers: { "content-type": "application/json; charset=UTF-8" }, body: JSON.stringify(body) };
}

/** An error in the way of Google's JSON APIs. */
export function errorAnswer(error: GoogleError): Answer {
  return jsonAnswer(googleErrorBody(error), error.status);
}

/** The 404 for a thing of that kind and name. */
export function notFoundAnswer(what: string): Answer {
  return errorAnswer({ status: 404, reason: "notFound", message: `Not found: ${what}` });
}
