import { styleText } from "node:util";
import type { DestinationStream } from "pino";

const colours = { debug: "gray", info: "green", warn: "yellow", error: "red" } as const;

/** Turns pino's JSON lines into one readable line each, for a person at a terminal. */
export function prettyStream(output: DestinationStream): DestinationStream {
  return { write: (line) => output.write(prettyLine(line)) };
}

/** One JSON log line as a person reads it: time, level, message, then the other fields as `key=value`. */
export function prettyLine(line: string): string {
  // pino wrote the line just now, so it is an object with these members.
  const { time, level, message, error, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const label = String(level);
  const colour = label in colours ? colours[label as keyof typeof colours] : "white";
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const head = [
    styleText("gray", String(time).slice(11, 23)),
    styleText(colour, label.padEnd(5)),
    String(message ?? ""),
    styleText("gray", rest.join(" ")),
  ];
  return `${head.filter((part) => part !== "").join(" ")}\n${error === undefined ? "" : `${indent(errorText(error))}\n`}`;
}

function errorText(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { stack, message } = error as { readonly stack?: unknown; readonly message?: unknown }; // pino's error serializer wrote it
  return String(stack ?? message ?? JSON.stringify(error));
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
