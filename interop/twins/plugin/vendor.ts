import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jobNotFound } from "@flyte-agent/sdk";

/** The vendor that all twins talk to: a folder with one file for each job, which holds the state of the job. */
export interface Vendor {
  start(jobId: string): Promise<void>;
  /** @throws AgentError `job_not_found` for a job that was never started. */
  state(jobId: string): Promise<string>;
  stop(jobId: string): Promise<void>;
}

/** @param folder the same for all twins. */
export function createVendor(folder: string): Vendor {
  async function state(jobId: string): Promise<string> {
    try {
      return await readFile(join(folder, jobId), "utf8");
    } catch {
      throw jobNotFound(`the vendor does not know job ${jobId}`);
    }
  }
  return {
    start: (jobId) => writeFile(join(folder, jobId), "running"),
    state,
    async stop(jobId) {
      if ((await state(jobId)) === "running") await writeFile(join(folder, jobId), "stopped");
    },
  };
}
