import { toBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { flyteidl2 } from "@flyte-agent/idl";
import { type TrialBudget, trialBudget } from "../fit/trial-budget.ts";
import type { Direction } from "../place/literal-error.ts";
import type { Place } from "../place/place.ts";
import type { LiteralType } from "../types/literal-type.ts";
import type { StructShape } from "../types/struct-shape.ts";

/** Literals being written. */
export interface LiteralTarget {
  readonly writer: BinaryWriter;
  readonly place: Place;
  /** Whole numbers inside structures are floats where no schema says more, since integers are bigint. */
  readonly bigints: boolean;
  readonly encodedTypes: Map<LiteralType, Uint8Array>;
  readonly shapes: Map<LiteralType, StructShape>;
  readonly trials: TrialBudget;
}

/** What writing literals needs to know beside the values. */
export interface WriteOptions {
  /** What errors call the values. Inputs may be missing, outputs may not. @default "output" */
  readonly direction?: Direction;
  /**
   * How plain numbers are meant where no type says so. `"auto"`: whole numbers are integers. `"bigint"`: only bigint is, every number
   * is a float. @default "auto"
   */
  readonly integers?: "auto" | "bigint";
}

/** Starts writing literals. */
export function literalTarget({ direction = "output", integers }: WriteOptions): LiteralTarget {
  return {
    writer: new BinaryWriter(),
    place: { direction, name: "", segments: [] },
    bigints: integers === "bigint",
    encodedTypes: new Map(),
    shapes: new Map(),
    trials: trialBudget(),
  };
}

/** A type as it stands in a union; encoded once. */
export function encodedType(target: LiteralTarget, type: LiteralType): Uint8Array {
  let bytes = target.encodedTypes.get(type);
  if (bytes === undefined) {
    bytes = toBinary(flyteidl2.LiteralTypeSchema, type);
    target.encodedTypes.set(type, bytes);
  }
  return bytes;
}
