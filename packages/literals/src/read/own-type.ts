import { refusal } from "../place/place.ts";
import { bareVariant } from "../types/bare-variant.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { typeKind, typeName } from "../types/type-name.ts";
import type { LiteralSource } from "./literal-source.ts";

/**
 * The type that stands in a union, which must be of the kind of a declared variant.
 *
 * @throws LiteralError if it is not.
 */
export function ownType(source: LiteralSource, own: LiteralType, declared: LiteralType | undefined): LiteralType {
  if (declared?.type.case !== "unionType" || source.unionsOf.get(own) === declared) return own;
  const kind = typeKind(own);
  if (kind !== "union" && kind !== "unknown" && bareVariant(source, declared, kind) === "none") {
    throw refusal(source.place, `expected ${typeName(declared)}, got ${typeName(own)}`);
  }
  source.unionsOf.set(own, declared);
  return own;
}
