import { flyteidl2 } from "@flyte-agent/idl";
import type { JsonObject } from "../resource.ts";
import type { LiteralType } from "../task.ts";
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
  /** Whether it can be nothing but a number. */
  readonly isNumber: boolean;
  /** What the keys of an object are there, where the schema says that they are numbers (`propertyNames`). */
  readonly keyKind: "integer" | "float" | undefined;
  /** The number of items if it is a tuple of Flyte 2: an object `{ item_0, item_1, … }` on the wire. */
  readonly tupleLength: number | undefined;
  readonly schemas: KnownSchemas;
  /** The shapes of the members that are declared by name, as far as they were asked for. */
  readonly members: Map<string, StructShape>;
  /** The shape of all others. */
  otherMembers: StructShape | undefined;
  readonly items: Map<number, StructShape>;
}

/** One of the types that a value may be of. */
export type Alternative = SchemaAlternative | TypeAlternative;

/** A Flyte type that a value may be of, where there is no JSON schema. */
export interface TypeAlternative {
  readonly type: LiteralType;
  /** What `structure.dataclass_type` declares. */
  readonly keys: ReadonlySet<string>;
  readonly schema?: undefined;
}

const tupleTitle = "TupleWrapper_";

/** The shape that a declared type gives to a STRUCT: from its JSON schema, else from `structure.dataclass_type`. */
export function shapeOf(type: LiteralType | undefined): StructShape {
  const schemas: KnownSchemas = { nodes: new Map(), expanded: new Map() };
  if (type === undefined) return makeShape([], { schemas, hasTuples: false });
  const hasTuples = JSON.stringify(type.metadata ?? {}).includes(tupleTitle);
  return makeShape(expandType(schemas, type), { schemas, hasTuples });
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
  if (schema === undefined) return "";
  const [first] = expandSchema({ nodes: new Map(), expanded: new Map() }, schema, schema);
  return typeof first?.schema.title === "string" ? first.schema.title : "";
}

/** The shape of the member with this key. */
export function memberShape(shape: StructShape, key: string): StructShape {
  const known = shape.members.get(key);
  if (known !== undefined) return known;
  const { alternatives, schemas } = shape;
  if (!alternatives.some(({ keys }) => keys.has(key))) {
    // Such keys come from values, and are as many as these.
    shape.otherMembers ??= makeShape(
      alternatives.flatMap((alternative) => otherMembersOf(schemas, alternative)),
      shape,
    );
    return shape.otherMembers;
  }
  const member = makeShape(
    alternatives.flatMap((alternative) => memberOf(schemas, alternative, key)),
    shape,
  );
  shape.members.set(key, member);
  return member;
}

/** The shape of the item with this index; all items after the last one that a tuple names share one. */
export function itemShape(shape: StructShape, index: number): StructShape {
  const slot = Math.min(index, 32);
  const known = shape.items.get(slot);
  if (known !== undefined) return known;
  const item = makeShape(
    shape.alternatives.flatMap((alternative) => itemOf(shape.schemas, alternative, slot)),
    shape,
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

/** The keys that its schema declares; `undefined` if it declares none. */
export function declaredKeys(shape: StructShape): ReadonlySet<string> | undefined {
  const keys = new Set(shape.alternatives.flatMap((alternative) => (alternative.schema ? [...alternative.keys] : [])));
  return keys.size === 0 ? undefined : keys;
}

function makeShape(
  alternatives: readonly Alternative[],
  { schemas, hasTuples }: Pick<StructShape, "schemas" | "hasTuples">,
): StructShape {
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
    tupleLength: some.find(isTuple)?.keys.size,
    schemas,
    members: new Map(),
    otherMembers: undefined,
    items: new Map(),
  };
}

function isTuple(alternative: Alternative): alternative is SchemaAlternative {
  const title = alternative.schema?.title;
  return typeof title === "string" && title.startsWith(tupleTitle);
}

function expandType(schemas: KnownSchemas, type: LiteralType): readonly Alternative[] {
  return variantsOf(type).flatMap((variant): readonly Alternative[] => {
    const root = schemaOf(variant);
    if (root !== undefined) return expandSchema(schemas, root, root);
    return [{ type: variant, keys: new Set(Object.keys(variant.structure?.dataclassType ?? {})) }];
  });
}

/** A STRUCT without fields; what a schema says is not looked into. */
function isOpenType({ type, keys }: Alternative): boolean {
  return type !== undefined && type.type.case === "simple" && keys.size === 0;
}

function memberOf(schemas: KnownSchemas, alternative: Alternative, key: string): readonly Alternative[] {
  if (!alternative.keys.has(key)) return otherMembersOf(schemas, alternative);
  if (alternative.schema !== undefined) {
    return expandSchema(schemas, ownMember(objectOf(alternative.schema.properties), key), alternative.root);
  }
  const field = alternative.type.structure?.dataclassType[key];
  return field === undefined ? [] : expandType(schemas, field);
}

/** What the members may be that are not declared by name. */
function otherMembersOf(schemas: KnownSchemas, alternative: Alternative): readonly Alternative[] {
  if (alternative.schema !== undefined) {
    return expandSchema(schemas, alternative.schema.additionalProperties, alternative.root);
  }
  const { type } = alternative.type;
  return type.case === "mapValueType" ? expandType(schemas, type.value) : [];
}

function itemOf(schemas: KnownSchemas, alternative: Alternative, index: number): readonly Alternative[] {
  if (alternative.schema === undefined) {
    const { type } = alternative.type;
    return type.case === "collectionType" ? expandType(schemas, type.value) : [];
  }
  const { schema, root } = alternative;
  const prefix = schema.prefixItems;
  const item = Array.isArray(prefix) && index < prefix.length ? prefix[index] : schema.items;
  return expandSchema(schemas, item, root);
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
