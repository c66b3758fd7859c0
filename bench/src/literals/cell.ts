import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { LiteralType } from "@flyte-agent/sdk";

/** Values that flytekit wrote, and their declared types. */
export interface Cell {
  readonly name: string;
  /** Encoded `flyteidl.core.LiteralMap`. */
  readonly literals: Uint8Array;
  readonly types: ReadonlyMap<string, LiteralType>;
}

/** What one side needs for a cell, in milliseconds of CPU; `undefined` where it cannot take part. */
export interface Figures {
  readonly readMs: number | undefined;
  readonly writeMs: number | undefined;
}

/** Reads what `flytekit_values.py make` wrote. */
export function loadCell(folder: string, name: string): Cell {
  // The list of entries of Flyte 2 is Flyte 1's map on the wire.
  const { variables } = fromBinary(flyteidl2.VariableMapSchema, readFileSync(join(folder, `${name}.types.pb`)));
  return {
    name,
    literals: new Uint8Array(readFileSync(join(folder, `${name}.literals.pb`))),
    types: new Map(
      variables.map(({ key, value }) => {
        if (value?.type === undefined) throw new Error(`${name}: ${key} has no type`);
        return [key, value.type];
      }),
    ),
  };
}
