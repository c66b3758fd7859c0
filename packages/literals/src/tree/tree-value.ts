import type { NumberChoice } from "../values/choice.ts";

/**
 * What MessagePack can hold. Where the wire tells 1 from 1.0 and a number does not, `int()` and `float()` do. Objects
 * have string keys only and no prototype; other maps are a Map.
 */
export type TreeValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | NumberChoice
  | readonly TreeValue[]
  | ReadonlyMap<TreeValue, TreeValue>
  | { readonly [key: string]: TreeValue };
