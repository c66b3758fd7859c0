import { invalidTask } from "@flyte-agent/sdk";

/**
 * Reads the address to call.
 *
 * Messages say what is wrong and never repeat the address: its path, query and user part may be credentials (the path
 * of a Slack webhook is one).
 *
 * @param text the url after inputs and secrets were filled in.
 * @throws AgentError `invalid_task` unless it is an absolute http or https address that a request can be made of.
 */
export function parseTargetUrl(text: string): URL {
  if (text === "") throw refused("an empty text");
  // The parser drops tabs and line breaks without a word; from an input they would change the address.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) throw refused("a string with control characters (a line break, a tab, …)");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) throw refused("an address without a scheme");
  if (scheme !== "http" && scheme !== "https") throw refused(`an address with the scheme "${scheme.slice(0, 20)}"`);
  // The parser would take `http:///path` for the host `path`.
  if (/^[a-z]+:\/\/[/\\?#]/i.test(text)) throw refused("an address without a host");
  const url = URL.parse(text);
  if (url === null) throw refused("an address with a host or port that cannot be");
  if (!isDecodable(url.username) || !isDecodable(url.password)) {
    throw refused("an address whose user part has a % that is no escape");
  }
  return url;
}

/**
 * The address of a GET: `data` joins the query, as httpx writes it (`true`, `false`, lists as repeated names). A name
 * that the url's own query has too is replaced.
 *
 * @param textOf makes texts of nested objects.
 */
export function withQuery(url: URL, data: object, textOf: (value: unknown) => string): URL {
  const result = new URL(url);
  for (const [name, value] of Object.entries(data)) {
    result.searchParams.delete(name);
    for (const item of Array.isArray(value) ? value : [value])
      result.searchParams.append(name, queryText(item, textOf));
  }
  return result;
}

function queryText(value: unknown, textOf: (value: unknown) => string): string {
  if (value === null || value === undefined) return "";
  return typeof value === "boolean" ? String(value) : textOf(value);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function refused(got: string): Error {
  return invalidTask(
    "custom.url",
    `got ${got}, expected an absolute address such as https://example.com/hook. Check the text and the inputs that are filled into it`,
  );
}
