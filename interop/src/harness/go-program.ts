import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { withBuildLock } from "./build-lock.ts";
import { runToSuccess } from "./run-program.ts";
import type { SuiteContext } from "./suite.ts";

/** A Go program: a package of a published module, or a module in a folder of this repository. */
export type GoProgram = { readonly package: string; readonly version: string } | { readonly folder: string };

/**
 * Builds a Go program once; later runs take it from the cache, a module of ours as long as its sources stay the same.
 *
 * @returns the path of the program.
 */
export async function goProgram(
  program: GoProgram,
  { cacheFolder, signal, progress, evidenceFolder }: SuiteContext,
): Promise<string> {
  const path = goProgramPath(program, cacheFolder);
  if (existsSync(path)) return path;
  return await withBuildLock(cacheFolder, signal, async () => {
    if (existsSync(path)) return path;
    const startMs = Date.now();
    progress(`building ${nameOf(program)} …`);
    // Built beside and renamed, so that nobody takes half a program.
    const unfinished = `${path}.${process.pid}`;
    await mkdir(unfinished, { recursive: true });
    try {
      await runToSuccess(["go", ...buildArguments(program, unfinished)], {
        signal,
        env: { ...goEnvironment(cacheFolder), GOBIN: unfinished },
        logFile: join(evidenceFolder, "go-build.log"),
        ...("folder" in program ? { cwd: program.folder } : {}),
      });
      await rename(join(unfinished, basename(nameOf(program))), path);
    } finally {
      await rm(unfinished, { recursive: true });
    }
    progress(`built ${nameOf(program)} in ${Math.round((Date.now() - startMs) / 1000)} s`);
    return path;
  });
}

/** Where {@link goProgram} puts a program, whether it is built or not. */
export function goProgramPath(program: GoProgram, cacheFolder: string): string {
  const version = "version" in program ? program.version : hashOfSources(program.folder);
  return join(cacheFolder, "go/bin", `${basename(nameOf(program))}@${version}`);
}

/** The variables that keep Go's modules and builds in the cache, all of it removable. */
export function goEnvironment(cacheFolder: string): Record<string, string> {
  return {
    GOPATH: join(cacheFolder, "go/path"),
    GOCACHE: join(cacheFolder, "go/build"),
    GOFLAGS: `${process.env.GOFLAGS ?? ""} -modcacherw`.trim(),
  };
}

function nameOf(program: GoProgram): string {
  return "folder" in program ? program.folder : program.package;
}

function buildArguments(program: GoProgram, outputFolder: string): readonly string[] {
  return "folder" in program
    ? ["build", "-trimpath", "-o", join(outputFolder, basename(program.folder)), "."]
    : ["install", "-trimpath", `${program.package}@${program.version}`];
}

function hashOfSources(folder: string): string {
  const hash = createHash("sha256");
  const files = globSync(["**/*.go", "go.mod", "go.sum"], { cwd: folder }).sort();
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update("\0");
  return hash.digest("hex").slice(0, 12);
}
