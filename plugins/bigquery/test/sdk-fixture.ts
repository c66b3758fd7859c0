import { readFile } from "node:fs/promises";
import type { Agent, CreateContext, Task } from "@flyte-agent/sdk";
import { readTask } from "@flyte-agent/sdk/host";

/** The SDKs whose BigQueryTask wrote the fixtures, and the generation of Flyte that each is for. */
export const fixtureSdks = { "flytekit-1.16.31": 1, "flyte-sdk-2.12.1": 2 } as const;

/** One of {@link fixtureSdks}. */
export type FixtureSdk = keyof typeof fixtureSdks;

/** Reads a task and its inputs from the bytes that an SDK wrote, as the server does for this agent. */
export async function readFixtureTask(sdk: FixtureSdk, name: string, { integers }: Agent): Promise<Task> {
  const folder = new URL(`fixtures/${sdk}/${name}/`, import.meta.url);
  const [template, inputs] = await Promise.all(
    ["task-template.pb", "inputs.pb"].map((file) => readFile(new URL(file, folder))),
  );
  if (template === undefined || inputs === undefined) throw new Error(`there is no fixture ${name} of ${sdk}`);
  return readTask({ template, inputs }, { integers });
}

/** What a call brings beside its task. */
export function createContext(flyte: 1 | 2): CreateContext {
  const silent = (): void => undefined;
  return {
    signal: new AbortController().signal,
    deadline: undefined,
    secrets: {
      find: async () => undefined,
      get: async (name) => {
        throw new Error(`there is no secret ${name}`);
      },
    },
    configs: {},
    log: { debug: silent, info: silent, warn: silent, error: silent },
    flyte,
    idempotencyKey: "0".repeat(64),
    execution: {
      project: "shop",
      domain: "production",
      name: "run-1",
      nodeId: "n0",
      attempt: 0,
      namespace: "shop-production",
      labels: {},
      annotations: {},
      environment: {},
      serviceAccount: "",
    },
    outputPrefix: "s3://bucket/run-1/n0/data/0",
  };
}
