import { AgentError } from "@flyte-agent/sdk";
import { type BigQueryOptions, isEndpoint } from "./options.ts";

/** Where BigQuery's API is. */
export interface Endpoint {
  /** Without a slash at the end. */
  readonly url: string;
  /** Whether it is another one than Google's. */
  readonly isOwn: boolean;
}

/**
 * Finds the address: the operator's option, else `BIGQUERY_EMULATOR_HOST` as Google's clients read it (with or without
 * `http://`), else Google's.
 *
 * @throws AgentError `invalid_option` if the variable holds no address.
 */
export function resolveEndpoint(
  { endpoint }: Pick<BigQueryOptions, "endpoint">,
  environment: NodeJS.ProcessEnv,
): Endpoint {
  const host = environment.BIGQUERY_EMULATOR_HOST?.trim() ?? "";
  const own = endpoint ?? (host === "" || /^https?:\/\//i.test(host) ? host : `http://${host}`);
  if (own === "") return { url: "https://bigquery.googleapis.com", isOwn: false };
  if (isEndpoint(own)) return { url: own.replace(/\/+$/, ""), isOwn: true };
  throw new AgentError(
    "invalid_option",
    "BIGQUERY_EMULATOR_HOST is no address, expected host:port or an http address without user, password and query",
  );
}
