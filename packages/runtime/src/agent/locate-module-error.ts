import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";

const maxModules = 30;
const maxTimeMs = 10_000;

/**
 * Gives an error of a module that cannot be parsed the place in its stack. Node keeps it to itself where the module was
 * imported by `import()`; its own check of the syntax tells. Only modules that lead there by relative imports are
 * looked at: a plugin's own.
 *
 * @returns the error itself if it is no such error, tells its place already, or none could be found.
 */
export async function locateModuleError(reason: unknown, entryFile: string): Promise<unknown> {
  if (!(reason instanceof SyntaxError) || !reason.stack?.startsWith("SyntaxError:")) return reason;
  const signal = AbortSignal.timeout(maxTimeMs);
  const queue = [entryFile];
  for (let index = 0; index < Math.min(queue.length, maxModules); index++) {
    const file = queue[index] ?? "";
    const place = await checkedSyntax(file, signal);
    if (place !== undefined) {
      const located = new SyntaxError(reason.message);
      located.stack = `${place}\n\nSyntaxError: ${reason.message}`;
      return located;
    }
    queue.push(...relativeImports(file).filter((imported) => !queue.includes(imported)));
  }
  return reason;
}

/** What Node prints before the error: `file:line`, the line, and a mark below it. */
async function checkedSyntax(file: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    await promisify(execFile)(process.execPath, ["--check", file], { signal, env: {} });
    return undefined;
  } catch (reason) {
    const printed = reason instanceof Error && "stderr" in reason ? String(reason.stderr) : "";
    const [place = ""] = printed.split("\n\nSyntaxError:", 1);
    return place.startsWith(`${file}:`) ? place : undefined;
  }
}

function relativeImports(file: string): readonly string[] {
  const specifiers = sourceOf(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"'\n]+)["']/g);
  return [...specifiers].map(([, specifier = ""]) => resolve(dirname(file), specifier)).filter(isFile);
}

function sourceOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}
