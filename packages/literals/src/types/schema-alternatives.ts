import type { JsonObject, JsonValue } from "../plain/json-value.ts";

/** A JSON schema that a value may be of, without the references and the `anyOf` around it. */
export interface SchemaAlternative {
  /** Differs among all that are known together. */
  readonly id: number;
  readonly schema: JsonObject;
  /** The whole schema, in which references are looked up. */
  readonly root: JsonObject;
  /** What `properties` declares. */
  readonly keys: ReadonlySet<string>;
  /** What `required` names, which may be more than `properties` declares. */
  readonly required: ReadonlySet<string>;
  readonly type?: undefined;
}

/**
 * What is known of the JSON schemas in a type. Each is looked into once, however often values ask for it: a caller
 * chooses both, and a small schema can refer to itself in more ways than there are to count.
 */
export interface KnownSchemas {
  readonly nodes: Map<JsonObject, SchemaNode>;
  readonly expanded: Map<JsonObject, readonly SchemaAlternative[]>;
}

/** What one schema says: it is an alternative itself, or leads to others, or says nothing. */
interface SchemaNode {
  readonly alternative: SchemaAlternative | undefined;
  readonly leadsTo: readonly JsonObject[];
}

/** More alternatives of one value are not looked at. */
export const maxAlternatives = 64;
/** So many schemas are visited on the way to the alternatives of one value. */
const maxVisited = 1_000;
/** Nobody writes longer references. */
const maxReferenceLength = 1_000;

/** The alternatives that a schema stands for: itself, or what its references, `anyOf`, `oneOf` and `allOf` lead to. */
export function expandSchema(
  known: KnownSchemas,
  node: JsonValue | undefined,
  root: JsonObject,
): readonly SchemaAlternative[] {
  if (typeof node !== "object" || node === null) return [];
  const first = objectOf(node);
  const expanded = known.expanded.get(first);
  if (expanded !== undefined) return expanded;
  const alternatives: SchemaAlternative[] = [];
  // A reference may lead back to itself.
  const visited = new Set<JsonObject>();
  const open = [first];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (visited.has(next)) continue;
    visited.add(next);
    const { alternative, leadsTo } = nodeOf(known, next, root);
    if (alternative !== undefined) alternatives.push(alternative);
    if (visited.size >= maxVisited || alternatives.length >= maxAlternatives) break;
    open.push(...leadsTo.toReversed());
  }
  known.expanded.set(first, alternatives);
  return alternatives;
}

function nodeOf(known: KnownSchemas, schema: JsonObject, root: JsonObject): SchemaNode {
  let node = known.nodes.get(schema);
  if (node === undefined) {
    node = lookInto(schema, root, known.nodes.size);
    known.nodes.set(schema, node);
  }
  return node;
}

function lookInto(schema: JsonObject, root: JsonObject, id: number): SchemaNode {
  const { $ref: reference } = schema;
  if (typeof reference === "string") {
    return { alternative: undefined, leadsTo: [objectOf(resolveReference(reference, root))] };
  }
  const leadsTo = ["anyOf", "oneOf", "allOf"].flatMap((key) => {
    const list = schema[key];
    return Array.isArray(list) ? list.slice(0, maxAlternatives).map(objectOf) : [];
  });
  if (leadsTo.length > 0) return { alternative: undefined, leadsTo };
  if (Object.keys(schema).length === 0) return { alternative: undefined, leadsTo };
  const keys = new Set(Object.keys(objectOf(schema.properties)));
  const names: readonly JsonValue[] = Array.isArray(schema.required) ? schema.required : [];
  const required = new Set(names.filter((name) => typeof name === "string"));
  return { alternative: { id, schema, root, keys, required }, leadsTo };
}

function resolveReference(reference: string, root: JsonObject): JsonValue | undefined {
  if (!reference.startsWith("#") || reference.length > maxReferenceLength) return undefined;
  let node: JsonValue | undefined = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    node = ownMember(objectOf(node), key);
  }
  return node;
}

/** A member of a schema that is its own. */
export function ownMember(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** An object of a schema; an empty one where there is something else, which then says nothing. */
export function objectOf(value: unknown): JsonObject {
  // What a schema's Struct holds is JSON, so that an object which is no list is a JsonObject.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
