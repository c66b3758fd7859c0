import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EncodedLiteral } from "@flyte-agent/sdk/host";

/** A literal of a file in `interop/values`, as a Python SDK wrote it. */
export interface WrittenValue extends EncodedLiteral {
  /** What values of its kind are called in the table. */
  readonly kind: string;
}

/** Path of a file in `interop/values`. */
export function valuesPath(name: string): string {
  return fileURLToPath(new URL(`../../values/${name}`, import.meta.url));
}

/** Reads a file of values: one JSON object a line. */
export function readWrittenValues(name: string): readonly WrittenValue[] {
  const lines = readFileSync(valuesPath(name), "utf8").split("\n");
  return lines.filter((line) => line !== "").map(parseLine);
}

function parseLine(line: string): WrittenValue {
  // Its own program wrote it.
  const value = JSON.parse(line) as Readonly<Record<"name" | "kind" | "type" | "literal", string>>;
  const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
  return { name: value.name, kind: value.kind, type: bytesOf(value.type), literal: bytesOf(value.literal) };
}
