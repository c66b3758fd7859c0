import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type AccessTokens, createAccessTokens, type IssuedToken, type ServiceAccountKey } from "./access-tokens.ts";
import { type Answer, errorAnswer, jsonAnswer, notFoundAnswer } from "./answer.ts";
import {
  type BigQueryApi,
  cancelJob,
  getJob,
  insertJob,
  queryResults,
  tableAnswer,
  tableRowsAnswer,
  writerOf,
} from "./bigquery-api.ts";
import { type Fault, type ShimCall, unauthorized } from "./fault.ts";
import type { JobScript } from "./job-script.ts";
import { createJobStore } from "./job-store.ts";
import { metadataAnswer } from "./metadata-answer.ts";
import { partialResponse } from "./partial-response.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import { findRoute, type Route } from "./route.ts";
import { sendAnswer } from "./send-answer.ts";
import type { ShimJob } from "./shim-job.ts";

/** What may be set when the shim starts. */
export interface BigQueryShimOptions {
  /** Base address of an emulator that runs the SQL (`http://127.0.0.1:9050`). Without one, results are canned. */
  readonly upstream?: string;
  /** Where jobs run whose request and script name no location. Default `US`. */
  readonly defaultLocation?: string;
  /** BigQuery's calls are answered 401 without a token that the shim gave out. Default false: anything goes. */
  readonly requiresTokens?: boolean;
  /** Default 3600. */
  readonly tokenLifetimeSeconds?: number;
  /** Project of the service-account keys and of the metadata server. Default `acme-dw`. */
  readonly projectId?: string;
}

/** BigQuery's REST API (v2), and of Google's identity services what its callers need, on a local port. */
export interface BigQueryShim extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`: for `BIGQUERY_EMULATOR_HOST`, and the base of the token endpoints. */
  readonly endpoint: string;
  /** All requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** All jobs, oldest first. */
  readonly jobs: readonly ShimJob[];
  /** Tokens that were given out, oldest first. */
  readonly tokens: readonly IssuedToken[];
  /** Requests of one call, oldest first. */
  requestsOf(call: ShimCall): readonly RecordedRequest[];
  /** The job of that id; throws if there is none. */
  job(jobId: string): ShimJob;
  /** Scripts the next insert that has no script yet. */
  nextInsert(script: JobScript): void;
  /** Scripts all inserts that have none of their own. */
  everyInsert(script: JobScript): void;
  /** Plans a fault for the next answers to a call; faults of one call happen in the order in which they were planned. */
  disturb(call: ShimCall, fault: Fault, times?: number): void;
  /** Takes all planned faults back. */
  calm(): void;
  /** All tokens so far are no longer accepted. */
  expireTokens(): void;
  /** A service-account key file with a key of the shim; its tokens come from `<endpoint>/token`. */
  serviceAccountKey(clientEmail?: string): ServiceAccountKey;
}

/** Starts a shim on a free port. */
export async function startBigQuery(options: BigQueryShimOptions = {}): Promise<BigQueryShim> {
  const { upstream, defaultLocation = "US", requiresTokens = false, projectId = "acme-dw" } = options;
  const closed = new AbortController();
  const store = createJobStore();
  const requests: RecordedRequest[] = [];
  const scripts: JobScript[] = [];
  const faults: { readonly call: ShimCall; readonly fault: Fault }[] = [];
  let scriptOfAll: JobScript = {};
  let endpoint = "";

  const tokens = createAccessTokens({
    endpoint: () => endpoint,
    projectId,
    lifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
  });
  const api: BigQueryApi = {
    store,
    upstream,
    defaultLocation,
    endpoint: () => endpoint,
    nextScript: () => scripts.shift() ?? scriptOfAll,
    signal: closed.signal,
  };

  function takeFault(call: ShimCall): Fault | undefined {
    const index = faults.findIndex((planned) => planned.call === call);
    return index === -1 ? undefined : faults.splice(index, 1)[0]?.fault;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "/", headers } = request;
    const body = await readText(request);
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const route = findRoute(method, pathname);
    const identity = tokens.identityOf(bearerToken(headers.authorization));
    const recorded = { call: route?.call, method, path: url, headers, body, json: parseJson(body), identity };
    requests.push(recorded);
    if (route === undefined) return sendAnswer(response, async () => notFoundAnswer(url), calmly);
    const fault = takeFault(route.call);
    const answer = (): Promise<Answer> =>
      answerCall({ route, recorded, searchParams, api, tokens, requiresTokens, projectId });
    await sendAnswer(response, answer, { fault, signal: closed.signal });
  }

  const calmly = { fault: undefined, signal: closed.signal };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (closed.signal.aborted || response.destroyed) return;
      response.writeHead(500, { "content-type": "text/plain" });
      response.end(`The BigQuery shim failed: ${String(error)}`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  endpoint = `http://127.0.0.1:${port}`;

  return {
    endpoint,
    requests,
    jobs: store.jobs,
    tokens: tokens.issued,
    requestsOf: (call) => requests.filter((request) => request.call === call),
    job(jobId) {
      const job = store.jobs.find((known) => known.jobId === jobId);
      if (job === undefined)
        throw new Error(`The shim has no job ${jobId}: ${store.jobs.map((known) => known.jobId).join(", ")}`);
      return job;
    },
    nextInsert(script) {
      scripts.push(script);
    },
    everyInsert(script) {
      scriptOfAll = script;
    },
    disturb(call, fault, times = 1) {
      for (let count = 0; count < times; count += 1) faults.push({ call, fault });
    },
    calm() {
      faults.length = 0;
    },
    expireTokens: tokens.expireAll,
    serviceAccountKey: (clientEmail = `flyte@${projectId}.iam.gserviceaccount.com`) =>
      tokens.serviceAccountKey(clientEmail),
    async [Symbol.asyncDispose]() {
      closed.abort();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface CallToAnswer {
  readonly route: Route;
  readonly recorded: RecordedRequest;
  readonly searchParams: URLSearchParams;
  readonly api: BigQueryApi;
  readonly tokens: AccessTokens;
  readonly requiresTokens: boolean;
  readonly projectId: string;
}

async function answerCall(call: CallToAnswer): Promise<Answer> {
  const { route, recorded, tokens } = call;
  switch (route.call) {
    case "token": {
      const { status, body } = tokens.answerGrant(new URLSearchParams(recorded.body));
      return jsonAnswer(body, status);
    }
    case "exchange": {
      const { status, body } = tokens.answerExchange(new URLSearchParams(recorded.body));
      return jsonAnswer(body, status);
    }
    case "impersonate":
      return recorded.identity === undefined ? errorAnswer(unauthorized) : impersonated(tokens, route);
    case "metadata":
      return metadataAnswer({
        item: String(route.names.item),
        isAsked: recorded.headers["metadata-flavor"] === "Google",
        tokens,
        projectId: call.projectId,
      });
    default:
      if (call.requiresTokens && recorded.identity === undefined) return errorAnswer(unauthorized);
      return withFields(await bigQueryAnswer(call), call.searchParams.get("fields"));
  }
}

function withFields(answer: Answer, fields: string | null): Answer {
  if (fields === null || answer.status !== 200) return answer;
  try {
    return jsonAnswer(partialResponse(JSON.parse(answer.body), fields));
  } catch (reason) {
    return errorAnswer({ status: 400, reason: "invalidParameter", message: String(reason) });
  }
}

async function bigQueryAnswer({ route, recorded, searchParams, api }: CallToAnswer): Promise<Answer> {
  const { project = "", job: jobId = "", dataset = "", table = "" } = route.names;
  if (route.call === "insert") {
    const userEmail = recorded.identity ?? "anonymous@example.com";
    return insertJob(api, { project, body: recorded.json, userEmail });
  }
  if (route.call === "table" || route.call === "rows") {
    const writer = writerOf(api.store, project, dataset, table);
    if (writer === undefined) return notFoundAnswer(`Table ${project}:${dataset}.${table}`);
    return route.call === "table" ? tableAnswer(writer) : tableRowsAnswer(writer);
  }
  const location = searchParams.get("location") || undefined;
  const job = api.store.find(project, location, jobId);
  if (job === undefined)
    return notFoundAnswer(`Job ${project}:${location === undefined ? "" : `${location}.`}${jobId}`);
  if (route.call === "get") return getJob(job);
  return route.call === "cancel" ? cancelJob(job) : queryResults(job);
}

function impersonated(tokens: AccessTokens, { names }: Route): Answer {
  const { token, expiresAtMs } = tokens.issue(String(names.account));
  return jsonAnswer({ accessToken: token, expireTime: new Date(expiresAtMs).toISOString() });
}

function bearerToken(authorization: string | undefined): string {
  return /^Bearer (.+)$/i.exec(authorization ?? "")?.[1] ?? "";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
