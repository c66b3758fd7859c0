import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withBuildLock } from "./build-lock.ts";
import { runToSuccess } from "./run-program.ts";
import type { SuiteContext } from "./suite.ts";

/** What goes into a virtual environment. */
export interface PythonEnvironment {
  /** Its name in the cache and in progress. */
  readonly name: string;
  /** Path of a `requirements.txt`; another content makes another environment. */
  readonly requirementsFile: string;
  /** Python code that completes the environment once, such as a download; another one makes another environment. */
  readonly afterInstall?: string;
}

/**
 * Makes a virtual environment of Python 3.11 once; later runs take it from the cache.
 *
 * @returns its folder of programs: `python`, `pyflyte` and so on.
 */
export async function pythonEnvironment(
  { name, requirementsFile, afterInstall = "" }: PythonEnvironment,
  {
    cacheFolder,
    signal,
    progress,
    evidenceFolder,
  }: Pick<SuiteContext, "cacheFolder" | "signal" | "progress" | "evidenceFolder">,
): Promise<string> {
  const hash = createHash("sha256").update(readFileSync(requirementsFile)).update("\0").update(afterInstall);
  const folder = join(cacheFolder, "python", `${name}-${hash.digest("hex").slice(0, 12)}`);
  const bin = join(folder, "bin");
  // A virtual environment cannot be moved, so a mark tells that it is whole.
  const mark = join(folder, "complete");
  if (existsSync(mark)) return bin;
  return await withBuildLock(cacheFolder, signal, async () => {
    if (existsSync(mark)) return bin;
    const startMs = Date.now();
    progress(`installing ${name} …`);
    const options = { signal, logFile: join(evidenceFolder, "pip.log") };
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await runToSuccess(["python3.11", "-m", "venv", folder], options);
    await runToSuccess([join(bin, "pip"), "install", "--quiet", "--requirement", requirementsFile], options);
    if (afterInstall !== "") await runToSuccess([join(bin, "python"), "-c", afterInstall], options);
    await writeFile(mark, "");
    progress(`installed ${name} in ${Math.round((Date.now() - startMs) / 1000)} s`);
    return bin;
  });
}
