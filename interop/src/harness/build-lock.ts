import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Does one build at a time, also where several runs share the cache: a compiler takes all processors and much memory.
 *
 * @param cacheFolder holds the lock, a file with the id of the process that builds.
 */
export async function withBuildLock<Built>(
  cacheFolder: string,
  signal: AbortSignal,
  build: () => Promise<Built>,
): Promise<Built> {
  const lock = join(cacheFolder, "build.lock");
  await mkdir(cacheFolder, { recursive: true });
  while (!(await took(lock))) {
    if (!(await isHeld(lock))) await rm(lock, { force: true });
    else await delay(300, undefined, { signal });
  }
  try {
    return await build();
  } finally {
    await rm(lock, { force: true });
  }
}

async function took(lock: string): Promise<boolean> {
  try {
    await using file = await open(lock, "wx");
    await file.writeFile(String(process.pid));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

// A run that was killed leaves its lock behind.
async function isHeld(lock: string): Promise<boolean> {
  const holder = await readFile(lock, "utf8").catch(() => "");
  // Just made, and not yet written to.
  if (holder === "") return true;
  try {
    process.kill(Number(holder), 0);
    return true;
  } catch {
    return false;
  }
}
