import { flyteidl2 } from "@flyte-agent/idl";
import { quoteCut } from "../place/place.ts";
import type { LiteralType } from "./literal-type.ts";

/** What a type is, in one word; for simple types Flyte's own. */
export type TypeKind =
  | "NONE"
  | "INTEGER"
  | "FLOAT"
  | "STRING"
  | "BOOLEAN"
  | "DATETIME"
  | "DURATION"
  | "BINARY"
  | "ERROR"
  | "STRUCT"
  | "list"
  | "map"
  | "blob"
  | "schema"
  | "enum"
  | "structured dataset"
  | "union"
  | "unknown";

const simpleKinds: Readonly<Record<number, TypeKind>> = {
  [flyteidl2.SimpleType.NONE]: "NONE",
  [flyteidl2.SimpleType.INTEGER]: "INTEGER",
  [flyteidl2.SimpleType.FLOAT]: "FLOAT",
  [flyteidl2.SimpleType.STRING]: "STRING",
  [flyteidl2.SimpleType.BOOLEAN]: "BOOLEAN",
  [flyteidl2.SimpleType.DATETIME]: "DATETIME",
  [flyteidl2.SimpleType.DURATION]: "DURATION",
  [flyteidl2.SimpleType.BINARY]: "BINARY",
  [flyteidl2.SimpleType.ERROR]: "ERROR",
  [flyteidl2.SimpleType.STRUCT]: "STRUCT",
};

/** The kind of a declared type; `"unknown"` where there is none, or one of a newer Flyte. */
export function typeKind(type: LiteralType | undefined): TypeKind {
  switch (type?.type.case) {
    case "simple":
      return simpleKinds[type.type.value] ?? "unknown";
    case "collectionType":
      return "list";
    case "mapValueType":
      return "map";
    case "blob":
      return "blob";
    case "schema":
      return "schema";
    case "enumType":
      return "enum";
    case "structuredDatasetType":
      return "structured dataset";
    case "unionType":
      return "union";
    default:
      return "unknown";
  }
}

/** A type as people read it: `list of INTEGER`, `INTEGER | NONE`, `directory`. `"unknown"` for none. */
export function typeName(type: LiteralType | undefined): string {
  return nameAt(type, 0);
}

function nameAt(type: LiteralType | undefined, depth: number): string {
  if (depth > 3) return "…";
  switch (type?.type.case) {
    case "collectionType":
      return `list of ${nameAt(type.type.value, depth + 1)}`;
    case "mapValueType":
      return `map of ${nameAt(type.type.value, depth + 1)}`;
    case "blob":
      return type.type.value.dimensionality === flyteidl2.BlobType_BlobDimensionality.MULTIPART ? "directory" : "file";
    case "enumType":
      return `one of ${listTexts(type.type.value.values)}`;
    case "unionType": {
      const { variants } = type.type.value;
      const names = variants.slice(0, 10).map((variant) => nameAt(variant, depth + 1));
      if (variants.length > names.length) names.push("…");
      return depth === 0 ? names.join(" | ") : `(${names.join(" | ")})`;
    }
    default:
      return typeKind(type);
  }
}

/** Texts in quotes, the first ten of them, each cut to 32 characters. */
export function listTexts(texts: readonly string[]): string {
  const shown = texts.slice(0, 10).map((text) => quoteCut(text));
  return texts.length > 10 ? `${shown.join(", ")}, …` : shown.join(", ");
}

/** `structure.tag`: the name of the Python type transformer, by which a union tells its variants apart. */
export function typeTag(type: LiteralType | undefined): string {
  return type?.structure?.tag ?? "";
}

/** The variants of a union, those of unions inside it included. */
export function variantsOf(type: LiteralType): readonly LiteralType[] {
  if (type.type.case !== "unionType") return [type];
  return type.type.value.variants.flatMap(variantsOf);
}
