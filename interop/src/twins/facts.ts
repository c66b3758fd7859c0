import { type DescMessage, type JsonValue, type Message, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * What a peer answered, in a form that can be compared and shown: the status as `rpc`, and each value of the answer under its path,
 * such as `resource.phase`.
 */
export type Facts = Readonly<Record<string, string>>;

/** A message as facts. Bytes that are a JSON object are shown as such: how Python and JavaScript space it is no difference. */
export function factsOf(schema: DescMessage, message: Message, prefix = ""): Facts {
  return factsOfJson(toJson(schema, message), prefix);
}

/** Any JSON as facts. */
export function factsOfJson(value: JsonValue, prefix: string): Facts {
  const facts: Record<string, string> = {};
  flatten(prefix, value, facts);
  return facts;
}

/** An error as facts: the status and the kind of its text. */
export function factsOfError(reason: unknown): Facts {
  const { code, rawMessage } = ConnectError.from(reason);
  // The client or the server may notice it first, each with its own words.
  if (code === Code.DeadlineExceeded) return { rpc: "DEADLINE_EXCEEDED" };
  return { rpc: `${codeName(code)}, ${textKind(rawMessage)}` };
}

/** Facts under a longer path. */
export function under(prefix: string, facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([path, value]) => [`${prefix}.${path}`, value]));
}

function codeName(code: Code): string {
  return Code[code].replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

// The wording of an error is each server's own; what a reader is told is not.
function textKind(text: string): string {
  const { code } = / \[(?<code>[a-z_]+)\]$/.exec(text)?.groups ?? {};
  if (code !== undefined) return `a sentence [${code}]`;
  if (text === "") return "no text";
  if (text.includes("Traceback (most recent call last)")) return "the traceback";
  if (/^Unexpected <class '[\w.]+'>: /.test(text)) return "the exception's class and text";
  if (/^failed to \w+ \S* ?task with error:/.test(text)) return "the exception's text";
  if (/^Cannot find connector for task type: .*\.$/.test(text)) return "names the task type";
  return `"${text.replaceAll(/\s+/g, " ").slice(0, 200)}"`;
}

function flatten(path: string, value: JsonValue, facts: Record<string, string>): void {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
    // A message without a field says nothing.
    if (path === "") return;
    facts[path] = path.endsWith("resourceMeta") ? jobText(value) : JSON.stringify(value);
    return;
  }
  const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, child] of children) flatten(path === "" ? String(key) : `${path}.${key}`, child, facts);
}

function jobText(value: JsonValue): string {
  const text = Buffer.from(String(value), "base64").toString("utf8");
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return JSON.stringify(value);
  }
}
