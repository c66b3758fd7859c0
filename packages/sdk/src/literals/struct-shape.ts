import { flyteidl2 } from "@flyte-agent/idl";
import type { JsonObject, JsonValue } from "../resource.ts";
import type { LiteralType } from "../task.ts";
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
  /** Whether it can be nothing but a number. */
  readonly isNumber: boolean;
  /** What the keys of an object are there, where the schema says that they are numbers (`propertyNames`). */
  readonly keyKind: "integer" | "float" | undefined;
  readonly members: Map<string, StructShape>;
  readonly items: Map<number, StructShape>;
}

/** One of the types that a value may be of. */
export type Alternative =
  | { readonly schema: JsonObject; readonly root: JsonObject; readonly type?: undefined }
  | { readonly type: LiteralType; readonly schema?: undefined };

const maxAlternatives = 64;
const tupleTitle = "TupleWrapper_";

/** The shape that a declared type gives to a STRUCT: from its JSON schema, else from `structure.dataclass_type`. */
export function shapeOf(type: LiteralType | undefined): StructShape {
  if (type === undefined) return makeShape([], false);
  return makeShape(expandType(type), JSON.stringify(type.metadata ?? {}).includes(tupleTitle));
}

/** {@link shapeOf}, made once per type. */
export function knownShape(
  { shapes }: { readonly shapes: Map<LiteralType, StructShape> },
  type: LiteralType | undefined,
): StructShape {
  const known = type === undefined ? undefined : shapes.get(type);
  if (known !== undefined) return known;
  const shape = shapeOf(type);
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
  const [first] = schema === undefined ? [] : expandSchema(schema, schema, 0);
  return typeof first?.schema?.title === "string" ? first.schema.title : "";
}

/** The shape of the member with this key. */
export function memberShape(shape: StructShape, key: string): StructShape {
  const known = shape.members.get(key);
  if (known !== undefined) return known;
  const member = makeShape(
    shape.alternatives.flatMap((alternative) => memberOf(alternative, key)),
    shape.hasTuples,
  );
  // Keys of open maps come from values and are as many as these: only declared ones are worth keeping.
  if (shape.members.size < 256) shape.members.set(key, member);
  return member;
}

/** The shape of the item with this index; all items after the last one that a tuple names share one. */
export function itemShape(shape: StructShape, index: number): StructShape {
  const slot = Math.min(index, 32);
  const known = shape.items.get(slot);
  if (known !== undefined) return known;
  const item = makeShape(
    shape.alternatives.flatMap((alternative) => itemOf(alternative, slot)),
    shape.hasTuples,
  );
  shape.items.set(slot, item);
  return item;
}

/** The `format` of a text in the JSON schema (`date`, `duration`, …), if all alternatives with one agree. */
export function textFormat(shape: StructShape): string | undefined {
  const formats = shape.alternatives.flatMap(({ schema }) => {
    return schema?.type === "string" && typeof schema.format === "string" ? [schema.format] : [];
  });
  return formats.every((format) => format === formats[0]) ? formats[0] : undefined;
}

/** The number of items if the value is a tuple of Flyte 2: an object `{ item_0, item_1, … }` on the wire. */
export function tupleLength(shape: StructShape): number | undefined {
  for (const { schema } of shape.alternatives) {
    const title = schema?.title;
    if (typeof title === "string" && title.startsWith(tupleTitle))
      return Object.keys(objectOf(schema?.properties)).length;
  }
  return undefined;
}

/** The keys that its schema declares; `undefined` if it declares none. */
export function declaredKeys(shape: StructShape): ReadonlySet<string> | undefined {
  const keys = shape.alternatives.flatMap(({ schema }) => Object.keys(objectOf(schema?.properties)));
  return keys.length === 0 ? undefined : new Set(keys);
}

function makeShape(alternatives: readonly Alternative[], hasTuples: boolean): StructShape {
  const some = alternatives.slice(0, maxAlternatives);
  const numberKinds = some.map(numberKindOf);
  return {
    alternatives: some,
    isOpen: some.every(isOpenType),
    hasTuples,
    numberKind: onlyNumberKind(numberKinds),
    // An IntEnum of Flyte 2 is a list of numbers, and its name on the wire.
    isNumber:
      some.length > 0 && !numberKinds.includes(undefined) && !some.some(({ schema }) => schema?.enum !== undefined),
    keyKind: onlyNumberKind(some.map(({ schema }) => numberKindOfSchema(objectOf(schema?.propertyNames)))),
    members: new Map(),
    items: new Map(),
  };
}

/** Follows references and takes apart what may be one of several. */
function expandSchema(node: JsonValue | undefined, root: JsonObject, depth: number): Alternative[] {
  const schema = objectOf(node);
  // A reference may lead back to itself without a member between.
  if (depth > 16) return [];
  const reference = schema.$ref;
  if (typeof reference === "string") return expandSchema(resolveReference(reference, root), root, depth + 1);
  const parts = ["anyOf", "oneOf", "allOf"].flatMap((key) => {
    const list = schema[key];
    return Array.isArray(list) ? list : [];
  });
  if (parts.length === 0) return Object.keys(schema).length === 0 ? [] : [{ schema, root }];
  return parts
    .slice(0, maxAlternatives)
    .flatMap((part) => expandSchema(part, root, depth + 1))
    .slice(0, maxAlternatives);
}

function resolveReference(reference: string, root: JsonObject): JsonValue | undefined {
  if (!reference.startsWith("#")) return undefined;
  let node: JsonValue | undefined = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    node = ownMember(objectOf(node), key);
  }
  return node;
}

function expandType(type: LiteralType): Alternative[] {
  return variantsOf(type).flatMap((variant): Alternative[] => {
    const root = schemaOf(variant);
    return root === undefined ? [{ type: variant }] : expandSchema(root, root, 0);
  });
}

/** A STRUCT without fields; what a schema says is not looked into. */
function isOpenType({ type }: Alternative): boolean {
  return (
    type !== undefined && type.type.case === "simple" && Object.keys(type.structure?.dataclassType ?? {}).length === 0
  );
}

function memberOf(alternative: Alternative, key: string): Alternative[] {
  if (alternative.schema === undefined) {
    const { type } = alternative;
    if (type.type.case === "mapValueType") return expandType(type.type.value);
    const fields = type.structure?.dataclassType ?? {};
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return field === undefined ? [] : expandType(field);
  }
  const { schema, root } = alternative;
  const property = ownMember(objectOf(schema.properties), key);
  return expandSchema(property ?? schema.additionalProperties, root, 0);
}

function itemOf(alternative: Alternative, index: number): Alternative[] {
  if (alternative.schema === undefined) {
    const { type } = alternative;
    return type.type.case === "collectionType" ? expandType(type.type.value) : [];
  }
  const { schema, root } = alternative;
  const prefix = schema.prefixItems;
  const item = Array.isArray(prefix) && index < prefix.length ? prefix[index] : schema.items;
  return expandSchema(item, root, 0);
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
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  // Schemas of old flytekit write integers as numbers with a format.
  if (types.includes("integer") || (types.includes("number") && format === "integer")) return "integer";
  return types.includes("number") ? "float" : undefined;
}

function ownMember(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function objectOf(value: unknown): JsonObject {
  // What a schema's Struct holds is JSON, so that an object which is no list is a JsonObject.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
