import { stripTypeScriptTypes } from "node:module";
import { extname } from "node:path";
import { parseDocument } from "yaml";
import type { FilePosition } from "./config-errors.ts";

/** What is wrong in a file that cannot be parsed, and where. */
export interface SyntaxErrorPlace {
  readonly position: FilePosition | undefined;
  /** The last key at or before the place. */
  readonly key: string | undefined;
  /** One line. */
  readonly problem: string;
}

/** Finds out where a parser or a configuration module failed. */
export function locateSyntaxError(file: string, text: string, error: unknown): SyntaxErrorPlace {
  const ending = extname(file);
  if (ending === ".json") return placeOfJsonError(text, error);
  if (ending === "" || ending === ".yaml" || ending === ".yml") return placeOfYamlError(text, error);
  return placeInProgram(file, text, error);
}

function placeOfYamlError(text: string, error: unknown): SyntaxErrorPlace {
  const mark = member(error, "mark");
  const line = member(mark, "line");
  const column = member(mark, "column");
  const position =
    typeof line === "number" && typeof column === "number" ? { line: line + 1, column: column + 1 } : undefined;
  const reason = member(error, "reason");
  const problem = typeof reason === "string" ? reason : firstLine(error);
  return { position, key: keyBefore(text, position), problem: `not valid YAML: ${problem}` };
}

function placeOfJsonError(text: string, error: unknown): SyntaxErrorPlace {
  const offset = jsonErrorOffset(text, String(member(error, "message")));
  const position = offset === undefined ? undefined : positionOf(text, offset);
  // cosmiconfig puts the name of the file on a line of its own in front; V8 repeats the place, and quotes the text.
  const problem = String(member(error, "message"))
    .replace(/^JSON Error in .*\n/, "")
    .replace(/ in JSON at position.*$/s, "")
    .replace(/, ("|\.\.\.)[\s\S]* is not valid JSON$/, "")
    .trim();
  return { position, key: keyBefore(text, position), problem: `not valid JSON: ${problem}` };
}

/** V8 tells the offset only for some errors. */
function jsonErrorOffset(text: string, message: string): number | undefined {
  const told = / at position (\d+)/.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  if (message.includes("Unexpected end")) return text.trimEnd().length;
  return unknownTokenOffset(text) ?? parseDocument(text).errors[0]?.pos[0];
}

function unknownTokenOffset(text: string): number | undefined {
  const token = /\s+|[{}[\]:,]|"(?:[^"\\\p{Cc}]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
  for (let offset = 0; offset < text.length; offset = token.lastIndex) {
    token.lastIndex = offset;
    if (!token.test(text)) return offset;
  }
  return undefined;
}

function placeInProgram(file: string, text: string, error: unknown): SyntaxErrorPlace {
  const problem = firstLine(error);
  const thrown = positionInStack(file, String(member(error, "stack")));
  if (thrown !== undefined || !(error instanceof SyntaxError)) return { position: thrown, key: undefined, problem };
  // V8 keeps the place of a syntax error to itself; the parser that strips types tells it.
  try {
    stripTypeScriptTypes(text, { sourceUrl: file });
    return { position: undefined, key: undefined, problem };
  } catch (parseError) {
    const position = positionInStack(file, String(member(parseError, "stack")));
    return { position, key: keyBefore(text, position), problem };
  }
}

/** Reads `…/file.mjs:3:5` in a stack, or `…/file.ts:3` with a caret under the place some lines further down. */
function positionInStack(file: string, stack: string): FilePosition | undefined {
  const at = stack.split("\n").findIndex((line) => line.includes(file));
  const lines = stack.split("\n").slice(at);
  const [, line, column] = /:(\d+)(?::(\d+))?\)?$/.exec(at < 0 ? "" : (lines[0] ?? "")) ?? [];
  if (line === undefined) return undefined;
  const caret = lines.find((candidate) => /^\s*\^+\s*$/.test(candidate))?.indexOf("^") ?? 0;
  return { line: Number(line), column: column === undefined ? caret + 1 : Number(column) };
}

function positionOf(text: string, offset: number): FilePosition {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function keyBefore(text: string, position: FilePosition | undefined): string | undefined {
  if (position === undefined) return undefined;
  const lines = text.split("\n").slice(0, position.line);
  const before = [...lines.slice(0, -1), (lines.at(-1) ?? "").slice(0, position.column)].join("\n");
  return [...before.matchAll(/(?:^|[\s,{])["']?([\w$@./-]+)["']?\s*:(?=\s|$)/gm)].at(-1)?.[1];
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? message;
}

function member(of: unknown, key: string): unknown {
  // Reading a property of an object that is not null is safe; the callers check what is there.
  return typeof of === "object" && of !== null ? (of as Record<string, unknown>)[key] : undefined;
}
