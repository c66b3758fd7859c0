import { fromBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import { type TrialBudget, trialBudget } from "../fit/trial-budget.ts";
import type { Direction } from "../place/literal-error.ts";
import type { Place } from "../place/place.ts";
import { recursionLimit } from "../plain/max-depth.ts";
import type { VariantsByKind } from "../types/bare-variant.ts";
import type { LiteralType } from "../types/literal-type.ts";
import type { StructShape } from "../types/struct-shape.ts";
import { type ContainerBudget, containerBudget } from "../wire/container-budget.ts";
import { equalBytes } from "../wire/equal-bytes.ts";
import { type WireSource, wireSource } from "../wire/wire-source.ts";
import type { KnownTableType, SchemaType, TableType } from "./table-type.ts";

/** Encoded literals being read. */
export interface LiteralSource extends WireSource {
  readonly place: Place;
  /** Integers come as bigint, whether they are safe or not. */
  readonly bigints: boolean;
  /** Types that stood in unions so far. */
  readonly unionTypes: UnionType[];
  /** The declared union that each of them was last found to belong to. */
  readonly unionsOf: WeakMap<LiteralType, LiteralType>;
  readonly variantsByKind: VariantsByKind;
  /** Types that stood in tables so far. */
  readonly tableTypes: KnownTableType<TableType>[];
  readonly schemaTypes: KnownTableType<SchemaType>[];
  readonly shapes: Map<LiteralType, StructShape>;
  readonly trials: TrialBudget;
  readonly containers: ContainerBudget;
}

interface UnionType {
  readonly bytes: Uint8Array;
  readonly type: LiteralType;
}

/** What reading literals needs to know beside their bytes. */
export interface ReadOptions {
  /** What errors call the values. @default "input" */
  readonly direction?: Direction;
  /** INTEGER as number where it is safe (`"auto"`), or always as bigint. @default "auto" */
  readonly integers?: "auto" | "bigint";
}

/** Starts reading encoded literals. */
export function literalSource(bytes: Uint8Array, { direction = "input", integers }: ReadOptions): LiteralSource {
  return {
    ...wireSource(bytes),
    place: { direction, name: "", segments: [] },
    bigints: integers === "bigint",
    unionTypes: [],
    unionsOf: new WeakMap(),
    variantsByKind: new WeakMap(),
    tableTypes: [],
    schemaTypes: [],
    shapes: new Map(),
    trials: trialBudget(),
    containers: containerBudget(),
  };
}

const remembered = 16;

/**
 * The type that stands in a union, between two offsets. A list of a million unions repeats a handful of types, so that
 * they are compared by their bytes before they are decoded.
 */
export function unionType(source: LiteralSource, start: number, end: number): LiteralType {
  const bytes = source.bytes.subarray(start, end);
  const known = source.unionTypes.find((entry) => equalBytes(entry.bytes, bytes));
  if (known !== undefined) return known.type;
  const type = fromBinary(flyteidl2.LiteralTypeSchema, bytes, { recursionLimit });
  if (source.unionTypes.length < remembered) source.unionTypes.push({ bytes, type });
  return type;
}
