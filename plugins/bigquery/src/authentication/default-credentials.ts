import { readFile } from "node:fs/promises";
import { networkReason, untilAborted, vendorMisconfigured, vendorUnavailable } from "@flyte-agent/sdk";
import * as v from "valibot";
import { parseJson } from "../http/parse-json.ts";
import { type AccessToken, tokenScope } from "./identity.ts";
import { fetchServiceAccountToken, parseServiceAccountKey } from "./service-account-key.ts";

/** Without credentials, after this time they are looked for again. */
const lookAgainMs = 60_000;

/** Where the library does not say how long a token lasts. */
const unknownLifetimeMs = 10 * 60_000;

/** What is known of the surroundings. */
export interface DefaultCredentialsOptions {
  /** Calls go out without a token if there are no credentials: emulators want none. */
  readonly allowAnonymous: boolean;
  /** Google's variable for the path of a credentials file. */
  readonly credentialsFile: string | undefined;
}

/**
 * Fetches a token as Google's own tools do (application default credentials): the file that
 * `GOOGLE_APPLICATION_CREDENTIALS` names (a service account's key, workload identity federation, impersonation), the
 * file that `gcloud auth application-default login` writes, or the metadata server of GKE, Cloud Run and Compute Engine.
 *
 * @throws AgentError `vendor_misconfigured` or `vendor_unavailable`; the signal's reason.
 */
export async function fetchDefaultToken(
  { allowAnonymous, credentialsFile }: DefaultCredentialsOptions,
  signal: AbortSignal,
): Promise<AccessToken> {
  if (credentialsFile !== undefined) {
    const text = await readCredentials(credentialsFile, signal);
    if (/"type"\s*:\s*"service_account"/.test(text)) {
      return await fetchServiceAccountToken(parseServiceAccountKey(text, credentialsFileName), signal);
    }
    if (!v.is(credentialsSchema, parseJson(text))) {
      throw vendorMisconfigured(
        `${credentialsFileName} holds no credentials, expected the JSON file that Google hands out, with a "type"; ` +
          "its operator should look at it",
      );
    }
  }
  const { GoogleAuth } = await import("google-auth-library");
  try {
    return await untilAborted(askLibrary(new GoogleAuth(libraryOptions)), signal);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    // The library has neither a class nor a code for it.
    const hasNone = cause instanceof Error && cause.message.startsWith("Could not load the default credentials");
    if (hasNone && allowAnonymous) return { token: undefined, expiresAtMs: Date.now() + lookAgainMs };
    throw hasNone ? noCredentials(cause) : explain(cause);
  }
}

const credentialsFileName = "the file that GOOGLE_APPLICATION_CREDENTIALS of the agent server names";

// Which types there are is for the library to know.
const credentialsSchema = v.object({ type: v.string() });

const libraryOptions = {
  scopes: [tokenScope],
  // Without a project the library looks for one, among other ways by running `gcloud`. It is never used.
  projectId: "unused",
  clientOptions: { transporterOptions: { timeout: 10_000 } },
};

interface Library {
  getClient(): Promise<{
    getAccessToken(): Promise<{ token?: string | null | undefined }>;
    readonly credentials: { readonly expiry_date?: number | null | undefined };
  }>;
}

async function askLibrary(auth: Library): Promise<AccessToken> {
  const client = await auth.getClient();
  const { token } = await client.getAccessToken();
  if (!token) throw new Error("no token in the answer");
  return { token, expiresAtMs: client.credentials.expiry_date ?? Date.now() + unknownLifetimeMs };
}

async function readCredentials(path: string, signal: AbortSignal): Promise<string> {
  try {
    return await readFile(path, { encoding: "utf8", signal });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw vendorMisconfigured(`${credentialsFileName} cannot be read; its operator should look at it`, { cause });
  }
}

function noCredentials(cause: unknown): Error {
  return vendorMisconfigured(
    "the agent server has no Google credentials. Its operator should give it a service account (workload identity), " +
      "set GOOGLE_APPLICATION_CREDENTIALS, or set credentialsSecret",
    { cause },
  );
}

// The library's texts hold addresses and paths of the server.
function explain(cause: unknown): Error {
  const status = statusOf(cause);
  if (status !== undefined && status >= 400 && status < 500 && status !== 429) {
    return vendorMisconfigured(
      `Google gives the agent server no token (HTTP ${status}); its operator should look at its account`,
      {
        cause,
      },
    );
  }
  const why = status === undefined ? networkReason(cause) : `HTTP ${status}`;
  return vendorUnavailable(`Google's token server cannot be asked for the agent server's token just now (${why})`, {
    cause,
  });
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  return typeof error.status === "number" ? error.status : undefined;
}
