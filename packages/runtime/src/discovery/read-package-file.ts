import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeText } from "../files/decode-text.ts";
import { readFailure } from "../files/read-failure.ts";
import { isObject } from "../validation/is-object.ts";

/** Outcome of {@link readPackageFile}. */
export type PackageFileResult =
  | { readonly kind: "read"; readonly content: Readonly<Record<string, unknown>> }
  /** It was read, and does not contain the text that was asked for. */
  | { readonly kind: "without-text" }
  /** There is no such file. */
  | { readonly kind: "missing" }
  /** `reason` completes the sentence "its package.json …". */
  | { readonly kind: "unreadable"; readonly reason: string };

/** Larger files are not parsed: no manifest needs more, and a start reads many. */
const maxBytes = 1024 * 1024;

/**
 * Reads the `package.json` of a directory by its path, so that no `exports` can hide it.
 *
 * @param onlyWith bytes without which the file is not worth parsing.
 */
export function readPackageFile(directory: string, onlyWith?: string): PackageFileResult {
  try {
    const bytes = readBounded(join(directory, "package.json"));
    if (bytes === undefined) return { kind: "unreadable", reason: "is larger than 1 MiB" };
    if (onlyWith !== undefined && !bytes.includes(onlyWith)) return { kind: "without-text" };
    const content: unknown = JSON.parse(decodeText(bytes));
    return isObject(content) ? { kind: "read", content } : { kind: "unreadable", reason: "does not hold an object" };
  } catch (error) {
    if (error instanceof SyntaxError)
      return { kind: "unreadable", reason: `is not valid JSON: ${oneLine(error.message)}` };
    const failure = readFailure(error);
    return failure === undefined ? { kind: "missing" } : { kind: "unreadable", reason: `cannot be read: ${failure}` };
  }
}

function readBounded(file: string): Buffer | undefined {
  // By path and not by descriptor, which Yarn Plug'n'Play cannot do for a package in an archive.
  return statSync(file).size > maxBytes ? undefined : readFileSync(file);
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, " ");
}
