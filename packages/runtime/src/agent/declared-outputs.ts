import { hash } from "node:crypto";
import type { LiteralType } from "@flyte-agent/sdk";

const rememberedJobs = 10_000;

/**
 * Remembers which outputs the task of a job declares.
 *
 * GetTask brings no template, and the job must keep the keys that the Python connector gave it, so the types are known
 * only where the job was created. Elsewhere outputs are converted by their own look (and `int()`, `float()`).
 */
export interface DeclaredOutputs {
  remember(job: Uint8Array, types: ReadonlyMap<string, LiteralType>): void;
  find(job: Uint8Array): ReadonlyMap<string, LiteralType> | undefined;
  forget(job: Uint8Array): void;
}

/** Makes an empty memory of at most ten thousand jobs, the newest ones. */
export function createDeclaredOutputs(): DeclaredOutputs {
  const types = new Map<string, ReadonlyMap<string, LiteralType>>();
  const keyOf = (job: Uint8Array): string => hash("sha256", job, "base64");
  return {
    remember(job, declared) {
      types.set(keyOf(job), declared);
      const [oldest] = types.keys();
      if (types.size > rememberedJobs && oldest !== undefined) types.delete(oldest);
    },
    find: (job) => types.get(keyOf(job)),
    forget: (job) => void types.delete(keyOf(job)),
  };
}
