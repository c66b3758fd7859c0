import { readFile } from "node:fs/promises";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { primitive } from "./flyte-types.ts";
import { interopPath } from "./start-servers.ts";

/** A task as flytekit writes it, and its inputs. */
export interface FlytekitFixture {
  readonly template: Uint8Array;
  readonly inputs: Uint8Array;
}

/**
 * Reads a folder of `fixtures/flytekit-1.16.31`.
 *
 * @param texts replace inputs: what only the run knows.
 */
export async function readFlytekitFixture(
  name: string,
  texts: Readonly<Record<string, string>>,
): Promise<FlytekitFixture> {
  const folder = interopPath("fixtures/flytekit-1.16.31", name);
  const map = fromBinary(flyteidl1.LiteralMapSchema, await readFile(`${folder}/inputs.pb`));
  for (const [input, value] of Object.entries(texts)) {
    map.literals[input] = create(flyteidl1.LiteralSchema, primitive({ case: "stringValue", value }));
  }
  return {
    template: await readFile(`${folder}/task-template.pb`),
    inputs: toBinary(flyteidl1.LiteralMapSchema, map),
  };
}
