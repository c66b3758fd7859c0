import { isAgentError, untilAborted, vendorMisconfigured } from "@flyte-agent/sdk";
import { getObject, type StoreAnswer } from "./get-object.ts";
import { importOptional } from "./import-optional.ts";
import type { ObjectStore } from "./object-store.ts";
import { objectNotFound, storeInTrouble, storeRefused, storeUnreachable, unusableVariable } from "./store-errors.ts";
import type { StoredObject } from "./store-place.ts";

const store = "Google Cloud Storage";
const readOnly = "https://www.googleapis.com/auth/devstorage.read_only";

/**
 * Reads objects of Google Cloud Storage through its JSON API, with the credentials that Google's own tools find
 * (Application Default Credentials); an emulator (`STORAGE_EMULATOR_HOST`) is asked without any.
 *
 * @param address where the API is. @default Google's own
 */
export function createGcsStore(
  environment: Readonly<Record<string, string | undefined>>,
  address: URL = new URL("https://storage.googleapis.com"),
): ObjectStore {
  let search: Promise<() => Promise<string>> | undefined;

  async function startSearch(): Promise<() => Promise<string>> {
    const { GoogleAuth } = await importOptional(
      "google-auth-library",
      "Google credentials",
      () => import("google-auth-library"),
    );
    // It keeps a token until shortly before it expires.
    const auth = new GoogleAuth({ scopes: [readOnly] });
    return async () => (await auth.getAccessToken()) ?? "";
  }

  async function findToken(signal: AbortSignal): Promise<string> {
    search ??= startSearch().catch((cause: unknown) => {
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
      throw tokenFailed(cause);
    }
  }

  return {
    async read(object, limits) {
      const emulator = readEmulator(environment);
      const url = gcsAddress(object, emulator ?? address);
      const headers = emulator === undefined ? { authorization: `Bearer ${await findToken(limits.signal)}` } : {};
      const answer = await getObject({ store, url, headers }, object, limits);
      if (answer.kind === "object") return answer.bytes;
      throw refusal(answer, object);
    },
  };
}

function readEmulator(environment: Readonly<Record<string, string | undefined>>): URL | undefined {
  const text = environment.STORAGE_EMULATOR_HOST?.trim() ?? "";
  if (text === "") return undefined;
  // Google's own clients take it with and without a scheme.
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (url === null) throw unusableVariable("STORAGE_EMULATOR_HOST", "an address such as http://localhost:9023");
  return url;
}

function gcsAddress({ bucket, key }: StoredObject, base: URL): URL {
  return new URL(`/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(key)}?alt=media`, base);
}

function refusal({ status, text }: Extract<StoreAnswer, { kind: "refusal" }>, object: StoredObject): Error {
  const summary = `HTTP ${status}`;
  if (status === 429 || status === 408 || status >= 500) return storeInTrouble(store, summary);
  if (status === 404) return objectNotFound(object);
  // Google's own words can name accounts: for the log only.
  const cause = text.slice(0, 500);
  if (status === 401 || status === 403) {
    const problem =
      "Google Cloud Storage denies access: the agent server's account needs storage.objects.get " +
      `(role Storage Object Viewer) on bucket "${object.bucket}"`;
    return storeRefused(problem, summary, cause);
  }
  return storeRefused("Google Cloud Storage does not accept the request", summary, cause);
}

// The library's errors are those of its HTTP client, or plain ones where it finds nothing to try.
function tokenFailed(cause: unknown): Error {
  const status = statusOf(cause);
  if (status !== undefined && (status === 429 || status >= 500))
    return storeInTrouble("Google's token service", `HTTP ${status}`);
  if (status === undefined && isNetworkError(cause)) return storeUnreachable("Google's token service", cause);
  return vendorMisconfigured(
    "the agent server has no Google credentials. Its operator should give it a service account (Workload Identity), " +
      "or set GOOGLE_APPLICATION_CREDENTIALS",
    { cause },
  );
}

function statusOf(reason: unknown): number | undefined {
  const status = reason instanceof Error && "status" in reason ? Number(reason.status) : Number.NaN;
  return Number.isInteger(status) ? status : undefined;
}

/** Codes of the system, of TLS and its certificates, and of proxies. */
const networkCode = /^(?:E[A-Z]+|ERR_(?:TLS|SSL|PROXY)_\w+|\w*CERT\w*|UNABLE_TO_\w+)$/;

function isNetworkError(reason: unknown): boolean {
  return reason instanceof Error && "code" in reason && networkCode.test(String(reason.code));
}
