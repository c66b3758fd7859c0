import { AgentError } from "@flyte-agent/sdk";
import type { EncodedLiteral } from "@flyte-agent/sdk/host";

/**
 * Reads what `flyte-agent literal` takes: JSON objects `{ name?, type, literal }`, one alone or one a line, with the
 * encoded messages as base64. Without a name, a literal is called `value`, or by its line.
 *
 * @param file how errors call the text.
 * @throws AgentError `invalid_input` for anything else.
 */
export function parseLiteralFile(text: string, file: string): readonly EncodedLiteral[] {
  const whole = jsonOf(text);
  if (whole !== undefined) return [parseLiteral(whole, file, "value")];
  const literals = text
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: `line ${index + 1}` }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, number }) => parseLiteral(jsonOf(line), `${file}, ${number}`, number));
  if (literals.length === 0) throw new AgentError("invalid_input", `${file}: it is empty, ${expected}`);
  const names = new Set<string>();
  for (const { name } of literals) {
    if (names.has(name)) {
      throw new AgentError("invalid_input", `${file}: two literals have the name ${JSON.stringify(name)}`);
    }
    names.add(name);
  }
  return literals;
}

const expected = 'expected a JSON object with "type" and "literal" in base64';

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param otherwise the name of a literal that has none. */
function parseLiteral(value: unknown, place: string, otherwise: string): EncodedLiteral {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AgentError(
      "invalid_input",
      `${place}: ${value === undefined ? "it is no JSON" : `got ${kindOf(value)}`}, ${expected}`,
    );
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const name = members.get("name") ?? otherwise;
  if (typeof name !== "string")
    throw new AgentError("invalid_input", `${place}: "name" is ${kindOf(name)}, ${expected}`);
  return {
    name,
    type: bytesOf(members, "type", place),
    literal: bytesOf(members, "literal", place),
  };
}

function bytesOf(members: ReadonlyMap<string, unknown>, key: string, place: string): Uint8Array {
  const text = members.get(key);
  if (typeof text === "string" && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    return new Uint8Array(Buffer.from(text, "base64"));
  }
  const got = typeof text === "string" ? "a string that is not base64" : text === undefined ? "missing" : kindOf(text);
  throw new AgentError("invalid_input", `${place}: "${key}" is ${got}, ${expected}`);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
