import { Agent } from "node:https";
import {
  isAgentError,
  type Log,
  networkReason,
  untilAborted,
  vendorMisconfigured,
  vendorUnavailable,
} from "@flyte-agent/sdk";
import type { S3Settings } from "./s3-settings.ts";

/** What a request is signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Who asks, and in which region. */
export interface AwsIdentity {
  /**
   * The region to ask where a bucket's own is not known.
   *
   * @throws AgentError `vendor_unavailable` if the profile cannot be read.
   */
  region(): Promise<string>;
  /**
   * @returns `undefined` to ask without a signature.
   * @throws AgentError `vendor_misconfigured` if there are none, `vendor_unavailable` if who hands them out cannot be reached.
   */
  credentials(signal: AbortSignal): Promise<AwsCredentials | undefined>;
}

/**
 * Finds credentials and region as AWS's own tools do: environment, profile, SSO, web identity, container, instance.
 * Credentials are kept, and fetched anew some minutes before they expire.
 */
export function createAwsIdentity(settings: S3Settings, log: Log): AwsIdentity {
  let region: Promise<string> | undefined;
  let search: Promise<() => Promise<AwsCredentials>> | undefined;

  function findRegion(): Promise<string> {
    region ??= (settings.region === undefined ? regionOfProfile() : Promise.resolve(settings.region)).catch((cause) => {
      // The next call tries again.
      region = undefined;
      throw profileUnreadable(cause);
    });
    return region;
  }

  async function startSearch(): Promise<() => Promise<AwsCredentials>> {
    const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
    return defaultProvider({
      clientConfig: { region: await findRegion(), ...proxiedClient() },
      logger: sdkLogger(log),
    });
  }

  return {
    region: findRegion,
    async credentials(signal) {
      if (settings.anonymous) return undefined;
      if (settings.credentials !== undefined) return settings.credentials;
      search ??= startSearch().catch((cause) => {
        // The next call tries again.
        search = undefined;
        throw cause;
      });
      try {
        const find = await untilAborted(search, signal);
        return await untilAborted(find(), signal);
      } catch (cause) {
        if (signal.aborted) throw signal.reason;
        if (isAgentError(cause)) throw cause;
        throw searchFailed(cause);
      }
    },
  };
}

/** AWS's client makes an agent of its own, which would not use the proxies of the environment. */
function proxiedClient(): { readonly requestHandler: { readonly httpsAgent: Agent } } | undefined {
  if (process.env.NODE_USE_ENV_PROXY !== "1") return undefined;
  return { requestHandler: { httpsAgent: new Agent({ keepAlive: true, proxyEnv: process.env }) } };
}

async function regionOfProfile(): Promise<string> {
  const { loadConfig } = await import("@smithy/core/config");
  const load = loadConfig<string>({
    // The environment was asked before.
    environmentVariableSelector: () => undefined,
    configFileSelector: (profile) => profile.region,
    default: "us-east-1",
  });
  return await load();
}

function profileUnreadable(cause: unknown): Error {
  return vendorUnavailable(
    "the region could not be read from the agent server's AWS profile; its operator should look at the file, or set s3.region",
    { cause },
  );
}

function searchFailed(cause: unknown): Error {
  if (cause instanceof Error && cause.name === "CredentialsProviderError") {
    return vendorMisconfigured(
      "the agent server has no AWS credentials. Its operator should give it a role, set FLYTE_AWS_ACCESS_KEY_ID and " +
        "FLYTE_AWS_SECRET_ACCESS_KEY, or set s3.anonymous for public buckets",
      { cause },
    );
  }
  if (isClientFault(cause)) {
    return vendorMisconfigured(
      `AWS refuses credentials to the agent server's role (${cause.name}); its operator should look at the role's trust`,
      {
        cause,
      },
    );
  }
  const why = cause instanceof Error && "$fault" in cause ? cause.name : networkReason(cause);
  return vendorUnavailable(`AWS credentials could not be fetched just now (${why})`, { cause });
}

// Errors of AWS's services say whose fault they are.
function isClientFault(error: unknown): error is Error {
  return (
    error instanceof Error && "$fault" in error && error.$fault === "client" && !/throttl|toomany/i.test(error.name)
  );
}

// The SDK writes its warnings to the console otherwise.
function sdkLogger(log: Log): Record<"debug" | "info" | "warn" | "error", (...content: unknown[]) => void> {
  const silent = (): void => undefined;
  return {
    debug: silent,
    info: silent,
    warn: (...content) => log.warn(content.join(" ")),
    error: (...content) => log.error(content.join(" ")),
  };
}
