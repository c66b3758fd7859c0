import type { LiteralType } from "./literal-type.ts";
import { type TypeKind, typeKind, variantsOf } from "./type-name.ts";

/** What a literal is on the wire, in the words of types. */
export type WireKind = TypeKind;

const lenient: Readonly<Partial<Record<WireKind, readonly TypeKind[]>>> = {
  INTEGER: ["FLOAT"],
  FLOAT: ["INTEGER"],
  STRING: ["enum"],
};

/** The variants of unions by their kind, made once per union: a list of a million literals asks for them a million times. */
export type VariantsByKind = WeakMap<LiteralType, ReadonlyMap<TypeKind, readonly LiteralType[]>>;

/**
 * The variant of a union that a literal without its own union is for: the one of the same kind, else one that it can be
 * converted to. Where several lists, maps or structures are declared, `undefined`: it then keeps the form of the wire.
 *
 * @returns `"none"` if no variant can be meant.
 */
export function bareVariant(
  { variantsByKind }: { readonly variantsByKind: VariantsByKind },
  union: LiteralType,
  kind: WireKind,
): LiteralType | "none" | undefined {
  const byKind = variantsByKind.get(union) ?? Map.groupBy(variantsOf(union), typeKind);
  variantsByKind.set(union, byKind);
  for (const wanted of [kind, ...(lenient[kind] ?? [])]) {
    const [first, second] = byKind.get(wanted) ?? [];
    if (second !== undefined && (wanted === "list" || wanted === "map" || wanted === "STRUCT")) return undefined;
    if (first !== undefined) return first;
  }
  return "none";
}
