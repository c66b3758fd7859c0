import { isIP } from "node:net";
import { invalidTask } from "@flyte-agent/sdk";
import { matchesHost } from "../options/host-pattern.ts";
import type { WebhookOptions } from "../options/options.ts";
import { isMetadataHost } from "./metadata-address.ts";
import { isPublicAddress } from "./public-lookup.ts";

/**
 * Refuses an address that the operator does not let tasks call. What can only be told from the DNS is refused when the
 * connection is made.
 *
 * @throws AgentError `invalid_task`, naming the host and the option.
 */
export function checkHost(url: URL, { allowedHosts, denyPrivateNetworks }: WebhookOptions): void {
  if (allowedHosts !== undefined && !matchesHost(url, allowedHosts)) {
    throw invalidTask(
      "custom.url",
      `got the host "${url.hostname}", which the operator's allowedHosts does not name. Ask for it to be added`,
    );
  }
  if (isMetadataHost(url.hostname) && !isNamed(url, allowedHosts)) {
    throw invalidTask(
      "custom.url",
      `got the host "${url.hostname}", which is ${metadataService}. Only an operator can allow it, by naming it in allowedHosts`,
    );
  }
  const address = url.hostname.replace(/^\[|\]$/g, "");
  if (denyPrivateNetworks && isIP(address) !== 0 && !isPublicAddress(address)) {
    throw invalidTask(
      "custom.url",
      `got the host "${url.hostname}", an address that is not public, and the operator's denyPrivateNetworks forbids those`,
    );
  }
}

/** What a host is that tasks may not call: whoever reads it there acts as the server. */
export const metadataService =
  "an address of the machine's own link or of a cloud's metadata service, which hands out the server's credentials";

/** Tells whether the operator names this very host, not only a pattern that it is one of. */
export function isNamed(url: URL, allowedHosts: WebhookOptions["allowedHosts"]): boolean {
  return matchesHost(url, allowedHosts?.filter((pattern) => !pattern.startsWith("*.")) ?? []);
}

/**
 * Refuses a secret that the operator does not let tasks use, or not for this host: otherwise any task could have the
 * secret sent to a server of its author's choice.
 *
 * @throws AgentError `invalid_task`, naming the secret and the option.
 */
export function checkSecret(name: string, url: URL, { secrets }: WebhookOptions): void {
  const hosts = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (hosts === undefined) {
    throw invalidTask(
      "custom",
      `the secret "${name}" is not one that tasks may use. Ask the operator to name it in the option secrets`,
    );
  }
  if (!matchesHost(url, hosts)) {
    throw invalidTask(
      "custom",
      `the secret "${name}" may not be sent to "${url.hostname}". Ask the operator to add the host in the option secrets`,
    );
  }
}
