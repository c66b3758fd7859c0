import type { FlyteValue } from "@flyte-agent/sdk";

const maxDepth = 100;

/**
 * Writes a value as JSON text: integers with all their digits, floats with a point (1.0 stays a float), bytes in base64.
 *
 * @returns `undefined` for what JSON cannot hold: nan, inf, and nesting beyond a hundred levels.
 */
export function jsonText(value: FlyteValue, depth = 0): string | undefined {
  if (depth > maxDepth) return undefined;
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      return floatText(value);
    default:
      break;
  }
  if (value === null) return "null";
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  if (isList(value))
    return joined(
      "[",
      "]",
      value.map((item) => jsonText(item, depth + 1)),
    );
  // Timestamps and durations write themselves.
  if ("toJSON" in value && typeof value.toJSON === "function") return JSON.stringify(value);
  const members = value instanceof Map ? [...value.entries()] : Object.entries(value);
  return joined(
    "{",
    "}",
    members.map(([key, member]) => {
      const text = jsonText(member, depth + 1);
      return text === undefined ? undefined : `${JSON.stringify(String(key))}:${text}`;
    }),
  );
}

function isList(value: object): value is readonly FlyteValue[] {
  return Array.isArray(value);
}

function floatText(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const text = Object.is(value, -0) ? "-0" : JSON.stringify(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function joined(open: string, close: string, parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(",")}${close}`;
}
