import type { LiteralType } from "./literal-type.ts";
import { shapeTitle } from "./struct-shape.ts";
import { typeName, typeTag } from "./type-name.ts";

/** The variants of a union that `variant(name, …)` may mean: by tag, by the title of a schema, by the type's own name. */
export function variantsNamed(union: LiteralType, name: string): readonly LiteralType[] {
  return directVariants(union).filter((variant) => namesOf(variant).includes(name));
}

/** The variants of a union as declared, with unions inside it as one variant. */
export function directVariants(union: LiteralType): readonly LiteralType[] {
  return union.type.case === "unionType" ? union.type.value.variants : [];
}

/** The name by which `variant()` tells a variant from all others; its first one where none does. */
export function variantName(variant: LiteralType, union: LiteralType): string {
  const names = namesOf(variant);
  return names.find((name) => variantsNamed(union, name).length === 1) ?? names[0] ?? "";
}

function namesOf(variant: LiteralType): readonly string[] {
  return [typeTag(variant), shapeTitle(variant), typeName(variant)].filter((name) => name !== "");
}
