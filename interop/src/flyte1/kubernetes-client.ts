import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";

/** How to reach a kube-apiserver. */
export interface KubernetesAddress {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  readonly token: string;
  /** Certificate of the authority that vouches for the server, in PEM. */
  readonly certificateAuthority: string;
}

/** The Kubernetes REST API, as much as the cases need. */
export interface KubernetesClient {
  /**
   * Sends one request.
   *
   * @param path with the query, from `/` on.
   * @param body JSON text.
   * @returns the object of the answer. Rejects if the status is none of 200 to 299, with the message of the answer.
   */
  request(method: "GET" | "POST" | "DELETE", path: string, body?: string): Promise<unknown>;
  /** Each event of a watch, until the signal aborts it; then it ends with an error. */
  watch(path: string, signal: AbortSignal): AsyncIterable<unknown>;
}

/** Makes a client. Each request has a connection of its own. */
export function createKubernetesClient({ url, token, certificateAuthority }: KubernetesAddress): KubernetesClient {
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };

  const send = async (method: string, path: string, body?: string, signal?: AbortSignal): Promise<IncomingMessage> => {
    const sent = request(new URL(path, url), {
      agent: false,
      ca: certificateAuthority,
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(signal === undefined ? {} : { signal }),
    }).end(body);
    // Node's types do not say it: `response` brings the answer.
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    // An abort after that is told by the stream of the answer.
    sent.on("error", () => {});
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    throw new Error(`${method} ${path}: ${statusCode} ${messageOf(await text(response))}`);
  };

  return {
    async request(method, path, body) {
      return JSON.parse(await text(await send(method, path, body)));
    },
    async *watch(path, signal) {
      const response = await send("GET", path, undefined, signal);
      let rest = "";
      for await (const chunk of response.setEncoding("utf8")) {
        const lines = `${rest}${chunk}`.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) yield JSON.parse(line) as unknown;
      }
      throw new Error(`the watch of ${path} ended`);
    },
  };
}

/** What a `Status` object says, which is what Kubernetes answers for most errors. */
function messageOf(body: string): string {
  try {
    // As its API says.
    return (JSON.parse(body) as { readonly message: string }).message;
  } catch {
    return body.trim();
  }
}
