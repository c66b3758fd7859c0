import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { urlToHttpOptions } from "node:url";
import { isNamed } from "../egress/egress-rules.ts";
import { guardedLookup } from "../egress/public-lookup.ts";
import type { WebhookOptions } from "../options/options.ts";
import { readBody } from "./read-body.ts";

/** A request, complete as it goes out. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` sends none. */
  readonly body: string | undefined;
}

/** An answer, read as far as it was allowed. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** Whether the answer was longer than what was read. */
  readonly isCut: boolean;
}

/** What makes HTTP requests. */
export interface HttpClient {
  /**
   * Sends a request and reads the answer, up to `maxBytes` after decompression. Follows no redirects.
   *
   * @throws the error of `node:http` and its relatives; see `call-failure.ts` for what it means.
   */
  send(request: HttpRequest, limits: { readonly maxBytes: number; readonly signal: AbortSignal }): Promise<HttpAnswer>;
}

/**
 * Makes a client on `node:http` and `node:https`, which let us look at the address that a name stands for before it is
 * connected to; `fetch` does not.
 *
 * Each request has a connection of its own: one that was kept open may be closed by the far end just when it is used
 * again, and a POST must not be sent twice to find out. `NODE_USE_ENV_PROXY=1` makes it use the proxies of the
 * environment, as it does for `fetch`.
 */
export function createHttpClient({
  denyPrivateNetworks,
  allowedHosts,
}: Pick<WebhookOptions, "denyPrivateNetworks" | "allowedHosts">): HttpClient {
  // Through a proxy it would be the proxy that looks the name up.
  const usesProxy = process.env.NODE_USE_ENV_PROXY === "1" && !denyPrivateNetworks;
  const options = { keepAlive: false, ...(usesProxy ? { proxyEnv: process.env } : {}) };
  const agents = { "http:": new HttpAgent(options), "https:": new HttpsAgent(options) };
  const lookup = guardedLookup({ denyPrivateNetworks });
  // Whoever names a host of that kind means it.
  const isUnguarded = (url: URL): boolean => !denyPrivateNetworks && isNamed(url, allowedHosts);

  function open({ url, method, headers, body }: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const isTls = url.protocol === "https:";
    const outgoing = (isTls ? requestHttps : requestHttp)({
      ...urlToHttpOptions(url),
      ...(isUnguarded(url) ? {} : { lookup }),
      agent: isTls ? agents["https:"] : agents["http:"],
      method,
      headers,
      signal,
    });
    outgoing.once("response", resolve);
    // Stays for the life of the request: an error after the answer has begun shows in its body, not here.
    outgoing.on("error", reject);
    // A far end that switches to another protocol (status 101) brings neither a response nor an error.
    outgoing.once("close", () => reject(Object.assign(new Error("no answer"), { code: "ECONNRESET" })));
    outgoing.end(body);
    return promise;
  }

  return {
    async send(request, { maxBytes, signal }) {
      const answer = await open(request, signal);
      try {
        // Only an answer to a request has a status, and this is one.
        return { status: answer.statusCode ?? 0, ...(await readBody(answer, maxBytes)) };
      } finally {
        answer.destroy();
      }
    },
  };
}
