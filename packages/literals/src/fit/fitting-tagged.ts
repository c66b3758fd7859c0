import type { LiteralType } from "../types/literal-type.ts";
import { type TypeKind, typeKind } from "../types/type-name.ts";
import type { BlobValue } from "../values/flyte-value.ts";
import {
  isPickledDict,
  pickleFormat,
  type TaggedKind,
  type TaggedValue,
  taggedKind,
  taggedOf,
} from "../values/tagged-value.ts";

const kinds: Readonly<Partial<Record<TypeKind, TaggedKind>>> = {
  blob: "blob",
  schema: "schema",
  "structured dataset": "structured_dataset",
  ERROR: "error",
  BINARY: "opaque",
};

/** Tells whether the values of a kind of type are tagged objects. */
export function isTaggedKind(kind: TypeKind): boolean {
  return kind in kinds;
}

/** Tells whether a tagged object is declared, or nothing is and the value is one. */
export function hasTagged(value: unknown, type: LiteralType | undefined): boolean {
  const kind = typeKind(type);
  const tagged = taggedOf(value);
  return (
    isTaggedKind(kind) || (kind === "unknown" && tagged !== undefined) || (kind === "STRUCT" && isPickledDict(tagged))
  );
}

/**
 * The tagged object that a value is for a declared type: one of the right kind, or a plain object with its members, which
 * lost its brand as JSON, or never had one. Pickles are taken only as they came.
 */
export function fittingTagged(value: unknown, type: LiteralType | undefined): TaggedValue | undefined {
  const tagged = taggedOf(value);
  const declared = kinds[typeKind(type)];
  if (isPickle(type)) return tagged !== undefined && "opaque" in tagged && "uri" in tagged ? tagged : undefined;
  if (tagged === undefined) return declared === undefined ? undefined : plainTagged(value, declared, type);
  if (declared === undefined) return tagged;
  if (declared !== taggedKind(tagged) || (declared === "opaque" && "uri" in tagged)) return undefined;
  return isOtherDimensionality(tagged, type) ? undefined : tagged;
}

/** Tells whether a pickle is declared, in a file of its own. */
export function isPickle(type: LiteralType | undefined): boolean {
  return type?.type.case === "blob" && type.type.value.format === pickleFormat;
}

function isOtherDimensionality(tagged: TaggedValue, type: LiteralType | undefined): boolean {
  if (!("dimensionality" in tagged)) return false;
  return tagged.dimensionality !== dimensionalityOf(type);
}

function dimensionalityOf(type: LiteralType | undefined): BlobValue["dimensionality"] {
  return type?.type.case === "blob" && type.type.value.dimensionality === 1 ? "multipart" : "single";
}

function plainTagged(value: unknown, kind: TaggedKind, type: LiteralType | undefined): TaggedValue | undefined {
  if (typeof value !== "object" || value === null || kind === "opaque") return undefined;
  const members: Readonly<Record<string, unknown>> = { ...value };
  const dimensionality = dimensionalityOf(type);
  const defaults = { kind, format: "", failedNodeId: "", dimensionality };
  const isMeant = kind === "error" ? typeof members.message === "string" : typeof members.uri === "string";
  const isOther = (members.kind ?? kind) !== kind || (members.dimensionality ?? dimensionality) !== dimensionality;
  // What cannot be left out was just checked; what else is wrong is found when it is written.
  return isMeant && !isOther ? ({ ...defaults, ...members } as unknown as TaggedValue) : undefined;
}
