import { LineCounter, parseDocument } from "yaml";
import type { FilePosition } from "./config-errors.ts";

/**
 * Finds the place of a key or of an item in a string in YAML or JSON (which YAML contains).
 *
 * @returns the place of the deepest part of the path that exists; `undefined` if the text cannot be parsed.
 */
export function locateKey(text: string, path: readonly (string | number)[]): FilePosition | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "silent" });
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOf(document.contents, path.slice(0, length));
    if (offset === undefined) continue;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  }
  return undefined;
}

function offsetOf(contents: unknown, path: readonly (string | number)[]): number | undefined {
  let node = contents;
  let offset: number | undefined;
  for (const step of path) {
    const items = isObject(node) && Array.isArray(node.items) ? node.items : [];
    const found: unknown = typeof step === "number" ? items[step] : items.find((item) => keyOf(item) === step);
    if (!isObject(found)) return undefined;
    offset = startOf(typeof step === "number" ? found : found.key);
    node = typeof step === "number" ? found : found.value;
  }
  return offset;
}

function keyOf(pair: unknown): string | undefined {
  const key = isObject(pair) ? pair.key : undefined;
  return isObject(key) ? String(key.value) : undefined;
}

function startOf(node: unknown): number | undefined {
  const range = isObject(node) ? node.range : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === "number" ? start : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
