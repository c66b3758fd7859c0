import type { Suite } from "../harness/suite.ts";
import { pythonSuite } from "./python-suite.ts";
import { interopPath } from "./start-servers.ts";

/** Flyte 1's Python server beside ours. */
export const flytekitSuite: Suite = pythonSuite({
  name: "flytekit",
  generation: "1",
  peer: "flytekit 1.16.31",
  server: {
    name: "flytekit-1.16.31",
    requirementsFile: interopPath("twins/python/requirements-flytekit.txt"),
    command: ["pyflyte", "serve", "connector"],
    module: "flytekit_twin",
  },
});

/** Flyte 2's Python server beside ours. */
export const flyteSdkSuite: Suite = pythonSuite({
  name: "flyte-sdk",
  generation: "2",
  peer: "flyte-sdk 2.12.1",
  server: {
    name: "flyte-2.12.1",
    requirementsFile: interopPath("twins/python/requirements-flyte-sdk.txt"),
    command: ["c0"],
    module: "flyte_sdk_twin",
  },
});
