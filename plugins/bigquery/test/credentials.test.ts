import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createIdentities } from "../dist/authentication/identities.js";
import type { Identity } from "../dist/authentication/identity.js";
import { backendFault } from "./bigquery-shim/fault.ts";
import { type BigQueryShim, startBigQuery } from "./bigquery-shim/start-bigquery.ts";
import { bigQueryTask } from "./bigquery-task.ts";
import { serveBigQuery, taskType } from "./serve-bigquery.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "flyte-agent-bigquery-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

const operator = "operator@acme-dw.iam.gserviceaccount.com";
const author = "author@acme-dw.iam.gserviceaccount.com";

it("calls an emulator without a token where there are no credentials", async () => {
  await using served = await serveBigQuery();
  await served.host.run(bigQueryTask());
  expect(served.bigQuery.requests.map(({ headers }) => headers.authorization)).not.toContainEqual(expect.anything());
});

it("takes the key file that GOOGLE_APPLICATION_CREDENTIALS names, and its token_uri", async () => {
  await using identities = await startBigQuery();
  await useFile(identities.serviceAccountKey(operator));
  await using served = await serveBigQuery();
  await served.host.run(bigQueryTask());
  expect(identities.requestsOf("token")).toHaveLength(1);
  expect(authorizations(served.bigQuery)).toEqual([`Bearer ${identities.tokens[0]?.token}`]);
});

it("takes workload identity federation and impersonation from the file, with the addresses in it", async () => {
  await using identities = await startBigQuery();
  const account = "acting@acme-dw.iam.gserviceaccount.com";
  const address = `${identities.endpoint}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
  await useFile({ ...(await federation(identities.endpoint)), service_account_impersonation_url: address });
  await using served = await serveBigQuery();
  await served.host.run(bigQueryTask());
  const token = identities.tokens.find(({ identity }) => identity === account);
  expect(authorizations(served.bigQuery)).toEqual([`Bearer ${token?.token}`]);
});

it.each([
  [403, /Google gives the agent server no token \(HTTP 403\)/],
  [503, /Google's token server cannot be asked for the agent server's token just now/],
] as const)("says what is wrong when the token server of that file answers %i", async (status, message) => {
  await using identities = await startBigQuery();
  await useFile(await federation(identities.endpoint));
  identities.disturb("exchange", { kind: "error", error: { status, reason: "", message: "" } }, 100);
  await using served = await serveBigQuery();
  await expect(served.host.create(bigQueryTask(), { timeoutMs: 5000 })).rejects.toThrow(message);
});

it("says when the file that GOOGLE_APPLICATION_CREDENTIALS names is not there", async () => {
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", join(directory, "nothing.json"));
  await using served = await serveBigQuery();
  await expect(served.host.create(bigQueryTask())).rejects.toThrow(
    /the file that GOOGLE_APPLICATION_CREDENTIALS of the agent server names cannot be read/,
  );
});

it.each(["", "{", "[]", "{}", '{ "type": 5 }', '{ "installed": {} }'])(
  "says when the file that GOOGLE_APPLICATION_CREDENTIALS names holds no credentials: %s",
  async (content) => {
    const path = join(directory, "credentials.json");
    await writeFile(path, content);
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path);
    await using served = await serveBigQuery();
    await expect(served.host.create(bigQueryTask())).rejects.toThrow(
      "the file that GOOGLE_APPLICATION_CREDENTIALS of the agent server names holds no credentials, expected the JSON file " +
        'that Google hands out, with a "type"; its operator should look at it [vendor_misconfigured]',
    );
  },
);

it("says when something else answers at the address of the token server", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  await useFile(bigQuery.serviceAccountKey(operator));
  await using served = await serveAgainst(bigQuery);
  bigQuery.disturb("token", { kind: "page", status: 200 }, 100);
  await expect(served.host.create(bigQueryTask(), { timeoutMs: 4000 })).rejects.toThrow(
    /Google's token server \(.*\) answers something that is no token/,
  );
});

it("takes the operator's secret", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  const secrets = { bigquery_key: JSON.stringify(bigQuery.serviceAccountKey(operator)) };
  await using served = await serveAgainst(bigQuery, { credentialsSecret: "bigquery_key" }, secrets);
  expect(await served.host.run(bigQueryTask())).toMatchObject({ phase: "succeeded" });
  expect(bigQuery.requestsOf("insert").map(({ identity }) => identity)).toEqual([operator]);
});

it.each([
  ["another address", (endpoint: string) => `${endpoint}/token`],
  ["a metadata service", () => "http://169.254.169.254/token"],
  ["a host that begins like Google's", () => "https://oauth2.googleapis.com.example.com/token"],
])("refuses a task's key whose token_uri is %s, and asks nobody", async (_what, tokenUri) => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  const key = { ...bigQuery.serviceAccountKey(author), token_uri: tokenUri(bigQuery.endpoint) };
  await using served = await serveAgainst(bigQuery, {}, { google_application_credentials: JSON.stringify(key) });
  await expect(served.host.create(bigQueryTask(), { flyte: 2 })).rejects.toThrow(
    /secret "google_application_credentials" names a token_uri that is not Google's.*allowedTokenUris/,
  );
  expect(bigQuery.requests).toEqual([]);
});

it("takes the key that Flyte 2 sends with a call before the operator's, in every call", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  const secrets = {
    bigquery_key: JSON.stringify(bigQuery.serviceAccountKey(operator)),
    google_application_credentials: JSON.stringify(bigQuery.serviceAccountKey(author)),
  };
  const options = { credentialsSecret: "bigquery_key", allowedTokenUris: [`${bigQuery.endpoint}/token`] };
  await using served = await serveAgainst(bigQuery, options, secrets);
  const job = await served.host.create(bigQueryTask(), { flyte: 2 });
  await served.host.get(taskType, job, { flyte: 2 });
  await served.host.delete(taskType, job, { flyte: 2 });
  const calls = ["insert", "get", "cancel"] as const;
  expect(calls.map((call) => bigQuery.requestsOf(call)[0]?.identity)).toEqual([author, author, author]);
  expect(Buffer.from(job).toString()).not.toContain("PRIVATE");
});

it("acts as another account", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  const options = {
    credentialsSecret: "bigquery_key",
    impersonate: "acting@acme-dw.iam.gserviceaccount.com",
    impersonationEndpoint: bigQuery.endpoint,
  };
  const secrets = { bigquery_key: JSON.stringify(bigQuery.serviceAccountKey(operator)) };
  await using served = await serveAgainst(bigQuery, options, secrets);
  await served.host.run(bigQueryTask());
  expect(bigQuery.requestsOf("impersonate").map(({ identity }) => identity)).toEqual([operator]);
  expect(bigQuery.requestsOf("insert").map(({ identity }) => identity)).toEqual([options.impersonate]);
});

it("fetches one token for all calls, and the next one before it expires", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  await useFile(bigQuery.serviceAccountKey(operator));
  await using served = await serveAgainst(bigQuery);
  await Promise.all(Array.from({ length: 20 }, () => served.host.create(bigQueryTask())));
  await served.host.run(bigQueryTask());
  expect(bigQuery.tokens).toHaveLength(1);

  await using short = await startBigQuery({ requiresTokens: true, tokenLifetimeSeconds: 120 });
  await useFile(short.serviceAccountKey(operator));
  await using other = await serveAgainst(short);
  await other.host.create(bigQueryTask());
  await other.host.create(bigQueryTask());
  expect(short.tokens).toHaveLength(2);
});

it("fetches a new token when one is not accepted any more", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  await useFile(bigQuery.serviceAccountKey(operator));
  await using served = await serveAgainst(bigQuery);
  const job = await served.host.create(bigQueryTask());
  bigQuery.expireTokens();
  expect(await served.host.get(taskType, job)).toMatchObject({ phase: "succeeded" });
  expect(bigQuery.tokens).toHaveLength(2);
});

it("tries again when the token server is in trouble, and says when it refuses", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  await useFile(bigQuery.serviceAccountKey(operator));
  await using served = await serveAgainst(bigQuery);
  bigQuery.disturb("token", backendFault());
  await served.host.create(bigQueryTask());

  await using others = await startBigQuery();
  const { private_key: stranger } = others.serviceAccountKey();
  await useFile({ ...bigQuery.serviceAccountKey(operator), private_key: stranger });
  await using other = await serveAgainst(bigQuery);
  await expect(other.host.create(bigQueryTask())).rejects.toThrow(
    /Google's token server \(service account operator@.*\) gives no token: invalid_grant/,
  );
});

it("answers a poll in time when the token server does not", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  await useFile(bigQuery.serviceAccountKey(operator));
  await using served = await serveAgainst(bigQuery);
  const job = await served.host.create(bigQueryTask());
  bigQuery.expireTokens();
  bigQuery.disturb("token", { kind: "hang" }, 100);
  const { phase, logLinks } = await served.host.get(taskType, job, { timeoutMs: 4000 });
  expect({ phase, links: logLinks.length }).toEqual({ phase: "running", links: 1 });
});

it("remembers the keys of tasks that were used last, and no others", async () => {
  await using bigQuery = await startBigQuery();
  const allowedTokenUris = [`${bigQuery.endpoint}/token`];
  const identities = createIdentities({ allowedTokenUris }, { isEmulator: true, environment: {} });
  const identityOf = (number: number): Promise<Identity> => {
    const key = JSON.stringify(bigQuery.serviceAccountKey(`author-${number}@acme-dw.iam.gserviceaccount.com`));
    return identities.of({ find: async () => key, get: async () => key });
  };
  const [first, second] = [await identityOf(1), await identityOf(2)];
  for (let number = 3; number <= 200; number += 1) await identityOf(number);
  expect(await identityOf(1)).toBe(first);
  await identityOf(201);
  expect(await identityOf(1)).toBe(first);
  expect(await identityOf(2)).not.toBe(second);
});

it("says when BigQuery does not accept the credentials", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  await using served = await serveAgainst(bigQuery);
  await expect(served.host.create(bigQueryTask())).rejects.toThrow(
    /BigQuery does not accept the credentials \(Request had invalid authentication credentials/,
  );
});

it.each([
  ["no JSON", "hunter2-is-my-password"],
  [
    "another kind of credentials",
    JSON.stringify({ type: "external_account", token_url: "http://169.254.169.254/hunter2" }),
  ],
  ["a broken key", JSON.stringify({ type: "service_account", client_email: author, private_key: "hunter2" })],
])("refuses a secret that is %s, and shows nothing of it", async (_what, secret) => {
  await using served = await serveBigQuery({ secrets: { google_application_credentials: secret } });
  const refusal: unknown = await served.host.create(bigQueryTask(), { flyte: 2 }).catch((error: unknown) => error);
  expect(String(refusal)).toMatch(/secret "google_application_credentials"/);
  expect(String(refusal) + JSON.stringify(served.host.logRecords)).not.toContain("hunter2");
});

it("says which secret of the operator's is missing", async () => {
  await using served = await serveBigQuery({ options: { credentialsSecret: "bigquery_key" } });
  await expect(served.host.create(bigQueryTask())).rejects.toThrow(/secret "bigquery_key" was not found/);
});

it("says that there are no credentials for Google's own BigQuery", async () => {
  vi.stubEnv("BIGQUERY_EMULATOR_HOST", undefined);
  await using served = await serveBigQuery({ options: { endpoint: undefined } });
  await expect(served.host.create(bigQueryTask())).rejects.toThrow(/the agent server has no Google credentials/);
});

/** Credentials of another cloud's workload. */
async function federation(endpoint: string): Promise<object> {
  const subject = join(directory, "subject");
  await writeFile(subject, "a-token-of-another-cloud");
  return {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${endpoint}/sts`,
    credential_source: { file: subject },
  };
}

async function useFile(credentials: object): Promise<void> {
  const path = join(directory, "credentials.json");
  await writeFile(path, JSON.stringify(credentials));
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path);
}

/** A server for a BigQuery that the test has started itself. */
function serveAgainst(bigQuery: BigQueryShim, options: object = {}, secrets: Readonly<Record<string, string>> = {}) {
  return serveBigQuery({ options: { endpoint: bigQuery.endpoint, ...options }, secrets });
}

function authorizations({ requests }: BigQueryShim): readonly unknown[] {
  return [...new Set(requests.map(({ headers }) => headers.authorization))];
}
