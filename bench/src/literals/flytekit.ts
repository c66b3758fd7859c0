import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figures } from "./cell.ts";

/** The version that is measured. */
export const flytekitVersion = "1.16.31";

const script = fileURLToPath(new URL("./flytekit_values.py", import.meta.url));

/** flytekit in a virtual environment of its own, kept between runs. */
export interface Flytekit {
  /** Writes the values and types of all cells into a folder. */
  make(folder: string): void;
  /** Measures flytekit with them, by name of the cell. */
  measure(folder: string, rounds: number): Record<string, Figures>;
}

/** Installs flytekit, if it is not there yet. Needs `python3.11` or `PYTHON`, and PyPI. */
export function installFlytekit(): Flytekit {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const environment = join(cache, "flyte-agent-bench", `flytekit-${flytekitVersion}`);
  const python = join(environment, "bin/python");
  if (!existsSync(join(environment, "bin/pyflyte"))) {
    execFileSync(process.env.PYTHON ?? "python3.11", ["-m", "venv", environment], { stdio: "inherit" });
    execFileSync(python, ["-m", "pip", "install", "--quiet", `flytekit==${flytekitVersion}`], { stdio: "inherit" });
  }
  const run = (...args: string[]): string =>
    execFileSync(python, [script, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return {
    make: (folder) => {
      run("make", folder);
    },
    // Our own script's output.
    measure: (folder, rounds) => JSON.parse(run("measure", folder, String(rounds))) as Record<string, Figures>,
  };
}
