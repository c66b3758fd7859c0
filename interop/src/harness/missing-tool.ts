import { spawnSync } from "node:child_process";
import { chromiumPath } from "./chromium-path.ts";
import type { Tool } from "./suite.ts";

/** Why a tool cannot be used, as a sentence; `undefined` where it can. */
export function missingTool(tool: Tool): string | undefined {
  switch (tool) {
    case "go":
      return runs(["go", "version"]) ? undefined : "there is no go on the PATH: install Go 1.26";
    case "python3.11":
      return runs(["python3.11", "-c", "import venv, ensurepip"])
        ? undefined
        : "there is no python3.11 with venv on the PATH: install Python 3.11";
    case "chromium":
      return chromiumPath() === undefined
        ? "there is no chromium on the PATH: install one, for example with apt-get install chromium"
        : undefined;
  }
}

function runs([program, ...args]: readonly [string, ...string[]]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
