import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A task that the real `BigQueryTask` serialized, with its inputs. See `interop/bigquery/README.md`. */
export interface QueryFixture {
  readonly name: string;
  readonly generation: "1" | "2";
  readonly template: Uint8Array;
  readonly inputs: Uint8Array;
}

const fixtures = new URL("../../../plugins/bigquery/test/fixtures/", import.meta.url);

/** Where the fixtures of each generation are. */
export const fixtureFolders = {
  1: new URL("flytekit-1.16.31/", fixtures),
  2: new URL("flyte-sdk-2.12.1/", fixtures),
} as const;

/** All fixtures of a generation, in alphabetical order. */
export function queryFixtures(generation: "1" | "2"): readonly QueryFixture[] {
  const folder = fixtureFolders[generation];
  return readdirSync(folder)
    .filter((name) => existsSync(new URL(`${name}/task-template.pb`, folder)))
    .sort()
    .map((name) => ({
      name,
      generation,
      template: readFileSync(new URL(`${name}/task-template.pb`, folder)),
      inputs: readFileSync(new URL(`${name}/inputs.pb`, folder)),
    }));
}
