import type { Place } from "../place/place.ts";

/** How a tree of values is encoded: a Struct knows floats only. */
export type TreeForm = "msgpack" | "struct";

/** How a tree is to be written. */
export interface TreeTarget {
  readonly place: Place;
  readonly form: TreeForm;
  /** Whole numbers are floats where nothing else is said, since integers are bigint. */
  readonly bigints: boolean;
}
