import { Agent } from "node:https";
import { isAgentError, networkReason, untilAborted, vendorMisconfigured, vendorUnavailable } from "@flyte-agent/sdk";
import { importOptional } from "./import-optional.ts";
import type { AwsCredentials } from "./sign-s3-request.ts";

/**
 * Finds credentials as AWS's own tools do: profile, SSO, web identity, pod identity, container, instance. AWS's search
 * for them changes with AWS, so it is not ours: its package is a peer that is imported on first use.
 *
 * @param region for AWS's own token service.
 * @throws AgentError `vendor_misconfigured` if there are none or the package is not installed, `vendor_unavailable` if who
 *   hands them out cannot be reached.
 */
export type FindAwsCredentials = (region: string, signal: AbortSignal) => Promise<AwsCredentials>;

/** Makes a search whose result is kept until shortly before it expires. */
export function createAwsCredentials(): FindAwsCredentials {
  let search: Promise<() => Promise<AwsCredentials>> | undefined;

  async function startSearch(region: string): Promise<() => Promise<AwsCredentials>> {
    const { defaultProvider } = await importOptional(
      "@aws-sdk/credential-provider-node",
      "AWS credentials",
      () => import("@aws-sdk/credential-provider-node"),
    );
    return defaultProvider({ clientConfig: { region, ...proxiedClient() } });
  }

  return async (region, signal) => {
    search ??= startSearch(region).catch((cause: unknown) => {
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
  };
}

/** AWS's client makes an agent of its own, which would not use the proxies of the environment. */
function proxiedClient(): { readonly requestHandler: { readonly httpsAgent: Agent } } | undefined {
  if (process.env.NODE_USE_ENV_PROXY !== "1") return undefined;
  return { requestHandler: { httpsAgent: new Agent({ keepAlive: true, proxyEnv: process.env }) } };
}

function searchFailed(cause: unknown): Error {
  if (cause instanceof Error && cause.name === "CredentialsProviderError") {
    return vendorMisconfigured(
      "the agent server has no AWS credentials. Its operator should give it a role, or set AWS_ACCESS_KEY_ID and " +
        "AWS_SECRET_ACCESS_KEY",
      { cause },
    );
  }
  // Errors of AWS's services say whose fault they are.
  const isRefusal = cause instanceof Error && "$fault" in cause && cause.$fault === "client";
  if (isRefusal && !/throttl|toomany/i.test(cause.name)) {
    return vendorMisconfigured(
      `AWS refuses credentials to the agent server's role (${cause.name}); its operator should look at the role's trust`,
      { cause },
    );
  }
  const why = cause instanceof Error && "$fault" in cause ? cause.name : networkReason(cause);
  return vendorUnavailable(`AWS credentials could not be fetched just now (${why}): try again`, { cause });
}
