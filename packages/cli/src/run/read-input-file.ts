import { readFile } from "node:fs/promises";
import { usageError } from "../arguments/usage-error.ts";

/**
 * Reads a file that the command line names.
 *
 * @throws a usage error if it cannot be read.
 */
export async function readInputFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw usageError(`${file} cannot be read: ${reasons[code] ?? code}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EISDIR: "it is a directory",
};
