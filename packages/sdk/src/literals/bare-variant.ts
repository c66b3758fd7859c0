import type { LiteralType } from "../task.ts";
import { type TypeKind, typeKind, variantsOf } from "./type-name.ts";

/** What a literal is on the wire, in the words of types. */
export type WireKind = TypeKind;

const lenient: Readonly<Partial<Record<WireKind, readonly TypeKind[]>>> = {
  INTEGER: ["FLOAT"],
  FLOAT: ["INTEGER"],
  STRING: ["enum"],
};

/**
 * The variant of a union that a literal without its own union is for: the one of the same kind, else one that it can be
 * converted to. Where several lists, maps or structures are declared, `undefined`: it then keeps the form of the wire.
 *
 * @returns `"none"` if no variant can be meant.
 */
export function bareVariant(union: LiteralType, kind: WireKind): LiteralType | "none" | undefined {
  const variants = variantsOf(union);
  for (const wanted of [kind, ...(lenient[kind] ?? [])]) {
    const matching = variants.filter((variant) => typeKind(variant) === wanted);
    if (matching.length > 1 && (wanted === "list" || wanted === "map" || wanted === "STRUCT")) return undefined;
    if (matching[0] !== undefined) return matching[0];
  }
  return "none";
}
