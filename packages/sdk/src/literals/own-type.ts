import type { LiteralType } from "../literal-type.ts";
import { bareVariant } from "./bare-variant.ts";
import type { LiteralSource } from "./literal-source.ts";
import { refusal } from "./place.ts";
import { typeKind, typeName } from "./type-name.ts";

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
