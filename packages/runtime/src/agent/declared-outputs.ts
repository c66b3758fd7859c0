import { hash } from "node:crypto";
import type { LiteralType } from "@flyte-agent/sdk";

/** What is kept at most, counted as the templates that the types came from: declared types take some times as much. */
const maxTemplateBytes = 16 * 1024 * 1024;
const maxJobs = 10_000;

/**
 * Remembers which outputs the task of a job declares, where the job itself does not say it: those that a Python connector
 * reads too must keep its keys, and large types do not travel. GetTask brings no template, so these types are known only
 * where the job was created. Elsewhere outputs are converted by their own look (and `int()`, `float()`).
 */
export interface DeclaredOutputs {
  /** @param templateBytes size of the template that declares them. */
  remember(job: Uint8Array, types: ReadonlyMap<string, LiteralType>, templateBytes: number): void;
  find(job: Uint8Array): ReadonlyMap<string, LiteralType> | undefined;
  forget(job: Uint8Array): void;
}

/** Makes an empty memory, bounded in jobs and bytes; the oldest go first. */
export function createDeclaredOutputs(): DeclaredOutputs {
  const remembered = new Map<string, { types: ReadonlyMap<string, LiteralType>; bytes: number }>();
  const keyOf = (job: Uint8Array): string => hash("sha256", job, "base64");
  let bytes = 0;

  function forget(key: string): void {
    bytes -= remembered.get(key)?.bytes ?? 0;
    remembered.delete(key);
  }

  return {
    remember(job, types, templateBytes) {
      const key = keyOf(job);
      forget(key);
      remembered.set(key, { types, bytes: templateBytes });
      bytes += templateBytes;
      for (const oldest of remembered.keys()) {
        if (bytes <= maxTemplateBytes && remembered.size <= maxJobs) break;
        forget(oldest);
      }
    },
    find: (job) => remembered.get(keyOf(job))?.types,
    forget: (job) => forget(keyOf(job)),
  };
}
