import { AgentError } from "@flyte-agent/sdk";
import { addressingStyles, isEndpoint, isRegion, type S3Options } from "../options/options.ts";

/** A key pair that does not expire by itself. */
export interface StaticCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How S3 is reached, as decided from the options and the environment. */
export interface S3Settings {
  /** `undefined` for AWS. */
  readonly endpoint: URL | undefined;
  /** `undefined` if neither options nor environment say; the AWS profile may. */
  readonly region: string | undefined;
  readonly addressingStyle: "auto" | "path" | "virtual";
  readonly anonymous: boolean;
  /** Flyte's own key pair; `undefined` leaves it to AWS's search for credentials. */
  readonly credentials: StaticCredentials | undefined;
  readonly timeoutMs: number;
}

/**
 * Decides how S3 is reached: options first, then flytekit's variables (`FLYTE_AWS_…`), then AWS's.
 *
 * @throws AgentError `invalid_option` that names the variable. Values are not shown.
 */
export function resolveS3Settings(
  options: S3Options,
  environment: Readonly<Record<string, string | undefined>>,
): S3Settings {
  // An empty variable is how deployments unset one.
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;

  function first(names: readonly string[], fits: (text: string) => boolean, expected: string): string | undefined {
    const name = names.find((candidate) => read(candidate) !== undefined);
    const value = name === undefined ? undefined : read(name);
    if (value !== undefined && !fits(value)) throw invalidVariable(name, expected);
    return value;
  }

  const endpoint =
    options.endpoint ??
    first(
      ["FLYTE_AWS_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"],
      isEndpoint,
      "an http or https address without user, password and query",
    );
  const region =
    options.region ?? first(["AWS_REGION", "AWS_DEFAULT_REGION"], isRegion, "a region such as eu-central-1");
  const style = options.addressingStyle ?? read("FLYTE_AWS_ADDRESSING_STYLE") ?? "auto";
  const addressingStyle = addressingStyles.find((known) => known === style);
  if (addressingStyle === undefined) throw invalidVariable("FLYTE_AWS_ADDRESSING_STYLE", addressingStyles.join(", "));
  return {
    endpoint: endpoint === undefined ? undefined : new URL(endpoint),
    region,
    addressingStyle,
    anonymous: options.anonymous,
    credentials: flyteCredentials(read("FLYTE_AWS_ACCESS_KEY_ID"), read("FLYTE_AWS_SECRET_ACCESS_KEY")),
    timeoutMs: options.timeoutMs,
  };
}

function flyteCredentials(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
): StaticCredentials | undefined {
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey };
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  throw new AgentError(
    "invalid_option",
    "FLYTE_AWS_ACCESS_KEY_ID and FLYTE_AWS_SECRET_ACCESS_KEY belong together: set both, or none to use AWS's own search",
  );
}

function invalidVariable(name: string | undefined, expected: string): AgentError {
  return new AgentError("invalid_option", `environment variable ${name}: expected ${expected}`);
}
