import { parseJson } from "./parse-json.ts";
/** A request to one of Google's APIs, complete as it goes out. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` sends none. */
  readonly body?: string | URLSearchParams | undefined;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** What the server asks to wait, in milliseconds; `undefined` if it says nothing. */
  readonly retryAfterMs: number | undefined;
  /** The JSON in the answer; `undefined` if there is none. */
  readonly json: unknown;
}

/** Largest answer that is read. One job with a long plan has some hundred kilobytes. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Sends one request and reads the answer. Follows no redirections, which would carry the token elsewhere.
 *
 * @throws Error of `fetch`, or the signal's reason.
 */
export async function exchange({ url, ...request }: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const response = await fetch(url, { ...request, body: request.body ?? null, signal, redirect: "manual" });
  const json = parseJson(await readText(response));
  return { status: response.status, retryAfterMs: retryAfterMsOf(response.headers.get("retry-after")), json };
}

async function readText({ body }: Response): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function retryAfterMsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
