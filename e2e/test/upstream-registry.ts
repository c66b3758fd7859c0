import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { repository } from "./pack-workspace.ts";

/** The registry that npm is configured with on this machine, ending in a slash. */
export async function upstreamRegistry(): Promise<string> {
  const { stdout } = await promisify(execFile)("npm", ["config", "get", "registry"], { cwd: repository });
  return stdout.trim();
}
