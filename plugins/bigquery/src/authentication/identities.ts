import { hash } from "node:crypto";
import type { Secrets } from "@flyte-agent/sdk";
import type { BigQueryOptions } from "../options/options.ts";
import { fetchDefaultToken } from "./default-credentials.ts";
import type { Identity } from "./identity.ts";
import { fetchImpersonatedToken } from "./impersonation.ts";
import {
  fetchServiceAccountToken,
  parseServiceAccountKey,
  parseTaskKey,
  type ServiceAccountKey,
} from "./service-account-key.ts";
import { sharedToken } from "./shared-token.ts";

/** The secret that flyte-sdk's BigQueryTask names, and that Flyte 2 sends with each call. */
const taskSecret = "google_application_credentials";

/** So many keys of tasks are kept with their tokens; the one that was used longest ago goes first. */
const rememberedKeys = 200;

/** Finds out as whom a call goes to BigQuery. */
export interface Identities {
  /**
   * The task's own key if the call brings one, else the operator's, else the server's default credentials.
   *
   * @throws AgentError `vendor_misconfigured` for a secret that is no key, `secret_not_found` for the operator's if it is gone.
   */
  of(secrets: Secrets): Promise<Identity>;
}

/** Makes the identities of one server. Nothing is looked up before the first call. */
export function createIdentities(
  options: Pick<BigQueryOptions, "credentialsSecret" | "allowedTokenUris" | "impersonate" | "impersonationEndpoint">,
  { isEmulator, environment }: { isEmulator: boolean; environment: NodeJS.ProcessEnv },
): Identities {
  const credentialsFile = environment.GOOGLE_APPLICATION_CREDENTIALS?.trim() || undefined;
  const ofServer = sharedToken((signal) => fetchDefaultToken({ allowAnonymous: isEmulator, credentialsFile }, signal));
  const ofKeys = new Map<string, Identity>();

  function ofKey(text: string, kind: string, make: () => Identity): Identity {
    const id = `${kind} ${hash("sha256", text, "base64")}`;
    const identity = ofKeys.get(id) ?? make();
    ofKeys.delete(id);
    ofKeys.set(id, identity);
    const [oldest] = ofKeys.keys();
    if (ofKeys.size > rememberedKeys && oldest !== undefined) ofKeys.delete(oldest);
    return identity;
  }

  const { impersonate: email, impersonationEndpoint, credentialsSecret, allowedTokenUris } = options;
  const endpoint = (impersonationEndpoint ?? "https://iamcredentials.googleapis.com").replace(/\/+$/, "");
  const actingAs = (source: Identity): Identity =>
    email === undefined ? source : sharedToken((signal) => fetchImpersonatedToken({ email, endpoint }, source, signal));
  const ofOperator = actingAs(ofServer);

  return {
    async of(secrets) {
      const own = await secrets.find(taskSecret);
      // Secrets are also looked for in the plain environment, where this name is Google's and holds a path.
      if (own !== undefined && own !== credentialsFile) {
        return ofKey(own, "task", () => identityOf(parseTaskKey(own, `secret "${taskSecret}"`, allowedTokenUris)));
      }
      if (credentialsSecret === undefined) return ofOperator;
      const text = await secrets.get(credentialsSecret);
      const where = `secret "${credentialsSecret}"`;
      return ofKey(text, "operator", () => actingAs(identityOf(parseServiceAccountKey(text, where))));
    },
  };
}

function identityOf(key: ServiceAccountKey): Identity {
  return sharedToken((signal) => fetchServiceAccountToken(key, signal));
}
