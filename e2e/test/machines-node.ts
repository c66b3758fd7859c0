import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The major version of the Node that the machine itself has; a number above all others if it has none. */
export async function machinesNode(): Promise<number> {
  const path = process.env.PATH?.split(":").filter((entry) => !entry.includes("node_modules"));
  try {
    const { stdout } = await promisify(execFile)("node", ["--version"], { env: { PATH: path?.join(":") } });
    return Number.parseInt(stdout.slice(1), 10);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
