import { flyteidl2 } from "@flyte-agent/idl";
import type { JsonObject } from "../plain/json-value.ts";
import type { LiteralType } from "./literal-type.ts";
import {
  expandSchema,
  type KnownSchemas,
  maxAlternatives,
  objectOf,
  ownMember,
  type SchemaAlternative,
} from "./schema-alternatives.ts";
import { variantsOf } from "./type-name.ts";

/**
 * What is known of a value inside a Struct or msgpack: the alternatives that it may be, each a JSON schema or a Flyte
 * type. No alternative means that nothing is known. Shapes of members are made when they are asked for, since schemas
 * may be recursive.
 */
export interface StructShape {
  readonly alternatives: readonly Alternative[];
  /** Whether nothing is known of an object's members. */
  readonly isOpen: boolean;
  /** Whether some part is a tuple of Flyte 2, which is an object on the wire. */
  readonly hasTuples: boolean;
  /** What a number is there: `undefined` where the schema does not say, or allows both. */
  readonly numberKind: "integer" | "float" | undefined;
  /** What the keys of an object are there, where the schema says that they are numbers (`propertyNames`). */
  readonly keyKind: "integer" | "float" | undefined;
  /** The number of items if it is a tuple of Flyte 2: an object `{ item_0, item_1, … }` on the wire. */
  readonly tupleLength: number | undefined;
  readonly known: KnownShapes;
  /** The shapes of the members that are declared by name, as far as they were asked for. */
  readonly members: Map<string, StructShape>;
  /** The shape of all others. */
  otherMembers: StructShape | undefined;
  readonly items: Map<number, StructShape>;
}

/**
 * What is known of one type. Parts with the same alternatives share a shape, so that a type that refers to itself takes
 * no memory for each part of a value.
 */
interface KnownShapes extends KnownSchemas {
  readonly types: Map<LiteralType, TypeAlternative>;
  /** By the ids of their alternatives. */
  readonly shapes: Map<string, StructShape>;
  readonly merges: MergeBudget;
}

/**
 * How often the alternatives of a part may still be put together from what several alternatives of the whole say: what
 * comes of it can be as many different shapes as a value has parts.
 */
interface MergeBudget {
  left: number;
}

/** For all types of one message; after that, the first alternative that says something of a part counts. */
const maxMerges = 20_000;

/** One of the types that a value may be of. */
export type Alternative = SchemaAlternative | TypeAlternative;

/** A Flyte type that a value may be of, where there is no JSON schema. */
export interface TypeAlternative {
  /** Differs among all that are known together. */
  readonly id: number;
  readonly type: LiteralType;
  /** What `structure.dataclass_type` declares. */
  readonly keys: ReadonlySet<string>;
  readonly schema?: undefined;
}

const tupleTitle = "TupleWrapper_";

/** The shape that a declared type gives to a STRUCT: from its JSON schema, else from `structure.dataclass_type`. */
function shapeOf(type: LiteralType | undefined, merges: MergeBudget): StructShape {
  const known: KnownShapes = { nodes: new Map(), expanded: new Map(), types: new Map(), shapes: new Map(), merges };
  if (type === undefined) return makeShape([], { known, hasTuples: false });
  const hasTuples = JSON.stringify(type.metadata ?? {}).includes(tupleTitle);
  return partShape({ known, hasTuples }, [expandType(known, type)]);
}

/** {@link shapeOf}, made once per type. */
export function knownShape(
  { shapes }: { readonly shapes: Map<LiteralType, StructShape> },
  type: LiteralType | undefined,
): StructShape {
  const known = type === undefined ? undefined : shapes.get(type);
  if (known !== undefined) return known;
  // All types share one budget.
  const [other] = shapes.values();
  const shape = shapeOf(type, other?.known.merges ?? { left: maxMerges });
  if (type !== undefined) shapes.set(type, shape);
  return shape;
}

/** The JSON schema of a STRUCT type. */
function schemaOf(type: LiteralType): JsonObject | undefined {
  const { metadata } = type;
  // `metadata` on other types holds constraints, and an annotation is no schema of an object.
  if (metadata === undefined || type.type.case !== "simple" || type.type.value !== flyteidl2.SimpleType.STRUCT) {
    return undefined;
  }
  const isSchema = ["properties", "$ref", "$defs", "type", "anyOf"].some((key) => key in metadata);
  // Struct messages hold JSON by definition; protobuf-es merely types them wider.
  return isSchema ? (metadata as JsonObject) : undefined;
}

/** The title of a STRUCT type's schema, which is the name of the Python class; `""` if there is none. */
export function shapeTitle(type: LiteralType): string {
  const schema = schemaOf(type);
  if (schema === undefined) return "";
  const [first] = expandSchema({ nodes: new Map(), expanded: new Map() }, schema, schema);
  return typeof first?.schema.title === "string" ? first.schema.title : "";
}

/** The shape of the member with this key. */
export function memberShape(shape: StructShape, key: string): StructShape {
  const known = shape.members.get(key);
  if (known !== undefined) return known;
  if (!shape.alternatives.some(({ keys }) => keys.has(key))) {
    // Such keys come from values, and are as many as these.
    shape.otherMembers ??= partShape(
      shape,
      shape.alternatives.map((alternative) => otherMembersOf(shape.known, alternative)),
    );
    return shape.otherMembers;
  }
  const member = partShape(
    shape,
    shape.alternatives.map((alternative) => memberOf(shape.known, alternative, key)),
  );
  shape.members.set(key, member);
  return member;
}

/** The shape of the item with this index; all items after the last one that a tuple names share one. */
export function itemShape(shape: StructShape, index: number): StructShape {
  const slot = Math.min(index, 32);
  const known = shape.items.get(slot);
  if (known !== undefined) return known;
  const item = partShape(
    shape,
    shape.alternatives.map((alternative) => itemOf(shape.known, alternative, slot)),
  );
  shape.items.set(slot, item);
  return item;
}

/** The `format` of a string in the JSON schema (`date`, `duration`, …), if all alternatives with one agree. */
export function textFormat(shape: StructShape): string | undefined {
  const formats = shape.alternatives.flatMap(({ schema }) => {
    return schema?.type === "string" && typeof schema.format === "string" ? [schema.format] : [];
  });
  return formats.every((format) => format === formats[0]) ? formats[0] : undefined;
}

/** The keys that its schema declares; `undefined` if it declares none. */
export function declaredKeys(shape: StructShape): ReadonlySet<string> | undefined {
  const keys = new Set(shape.alternatives.flatMap((alternative) => (alternative.schema ? [...alternative.keys] : [])));
  return keys.size === 0 ? undefined : keys;
}

/** @param sources what a part may be by each alternative of the whole */
function partShape(
  whole: Pick<StructShape, "known" | "hasTuples">,
  sources: readonly (readonly Alternative[])[],
): StructShape {
  const { shapes, merges } = whole.known;
  const [first = [], ...others] = sources.filter(({ length }) => length > 0);
  const alternatives = new Set(first.slice(0, maxAlternatives));
  if (others.length > 0 && merges.left > 0) {
    merges.left--;
    for (const other of others) {
      for (const alternative of other.slice(0, maxAlternatives - alternatives.size)) alternatives.add(alternative);
    }
  }
  const some = [...alternatives];
  const key = some.map(({ id }) => id).join();
  const shape = shapes.get(key) ?? makeShape(some, whole);
  shapes.set(key, shape);
  return shape;
}

function makeShape(
  some: readonly Alternative[],
  { known, hasTuples }: Pick<StructShape, "known" | "hasTuples">,
): StructShape {
  return {
    alternatives: some,
    isOpen: some.every(isOpenType),
    hasTuples,
    numberKind: onlyNumberKind(some.map(numberKindOf)),
    keyKind: onlyNumberKind(some.map(({ schema }) => numberKindOfSchema(objectOf(schema?.propertyNames)))),
    tupleLength: some.find(isTuple)?.keys.size,
    known,
    members: new Map(),
    otherMembers: undefined,
    items: new Map(),
  };
}

function isTuple(alternative: Alternative): alternative is SchemaAlternative {
  const title = alternative.schema?.title;
  return typeof title === "string" && title.startsWith(tupleTitle);
}

function expandType(known: KnownShapes, type: LiteralType): readonly Alternative[] {
  return variantsOf(type).flatMap((variant): readonly Alternative[] => {
    const root = schemaOf(variant);
    if (root !== undefined) return expandSchema(known, root, root);
    return [typeAlternative(known, variant)];
  });
}

function typeAlternative({ types }: KnownShapes, type: LiteralType): TypeAlternative {
  let alternative = types.get(type);
  if (alternative === undefined) {
    // Those of schemas count up from 0.
    const id = -1 - types.size;
    alternative = { id, type, keys: new Set(Object.keys(type.structure?.dataclassType ?? {})) };
    types.set(type, alternative);
  }
  return alternative;
}

/** A STRUCT without fields; what a schema says is not looked into. */
function isOpenType({ type, keys }: Alternative): boolean {
  return type !== undefined && type.type.case === "simple" && keys.size === 0;
}

function memberOf(known: KnownShapes, alternative: Alternative, key: string): readonly Alternative[] {
  if (!alternative.keys.has(key)) return otherMembersOf(known, alternative);
  if (alternative.schema !== undefined) {
    return expandSchema(known, ownMember(objectOf(alternative.schema.properties), key), alternative.root);
  }
  const field = alternative.type.structure?.dataclassType[key];
  return field === undefined ? [] : expandType(known, field);
}

/** What the members may be that are not declared by name. */
function otherMembersOf(known: KnownShapes, alternative: Alternative): readonly Alternative[] {
  if (alternative.schema !== undefined) {
    return expandSchema(known, alternative.schema.additionalProperties, alternative.root);
  }
  const { type } = alternative.type;
  return type.case === "mapValueType" ? expandType(known, type.value) : [];
}

function itemOf(known: KnownShapes, alternative: Alternative, index: number): readonly Alternative[] {
  if (alternative.schema === undefined) {
    const { type } = alternative.type;
    return type.case === "collectionType" ? expandType(known, type.value) : [];
  }
  const { schema, root } = alternative;
  const prefix = schema.prefixItems;
  const item = Array.isArray(prefix) && index < prefix.length ? prefix[index] : schema.items;
  return expandSchema(known, item, root);
}

function onlyNumberKind(kinds: readonly StructShape["numberKind"][]): StructShape["numberKind"] {
  const integer = kinds.includes("integer");
  const float = kinds.includes("float");
  if (integer === float) return undefined;
  return integer ? "integer" : "float";
}

function numberKindOf(alternative: Alternative): StructShape["numberKind"] {
  if (alternative.schema === undefined) {
    const { type } = alternative.type;
    if (type.case !== "simple") return undefined;
    // SimpleType: INTEGER 1, FLOAT 2.
    return type.value === 1 ? "integer" : type.value === 2 ? "float" : undefined;
  }
  return numberKindOfSchema(alternative.schema);
}

function numberKindOfSchema({ type, format }: JsonObject): StructShape["numberKind"] {
  const types: readonly unknown[] = Array.isArray(type) ? type.slice(0, maxAlternatives) : [type];
  // Schemas of old flytekit write integers as numbers with a format.
  if (types.includes("integer") || (types.includes("number") && format === "integer")) return "integer";
  return types.includes("number") ? "float" : undefined;
}
