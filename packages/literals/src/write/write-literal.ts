import { type Message, toBinary } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { noFit } from "../fit/fit-level.ts";
import { fitShape } from "../fit/fit-shape.ts";
import { hasTagged } from "../fit/fitting-tagged.ts";
import { writeMsgpack } from "../msgpack/write-msgpack.ts";
import { type Place, refusal, tooDeep } from "../place/place.ts";
import { inheritsNothing } from "../plain/inherits-nothing.ts";
import { maxDepth } from "../plain/max-depth.ts";
import { toTree } from "../tree/to-tree.ts";
import type { TreeValue } from "../tree/tree-value.ts";
import type { Literal, LiteralType } from "../types/literal-type.ts";
import { knownShape, type StructShape } from "../types/struct-shape.ts";
import { typeKind, typeName, typeTag } from "../types/type-name.ts";
import { wellFormed } from "../values/checked-text.ts";
import { hashChoiceOf, variantChoiceOf } from "../values/choice.ts";
import { taggedOf } from "../values/tagged-value.ts";
import { describeValue, itemsOf, keyText, membersOf, valueKind } from "../values/value-kind.ts";
import { writeStruct } from "../wire/write-struct.ts";
import { chooseVariant } from "./choose-variant.ts";
import { encodedType, type LiteralTarget } from "./literal-target.ts";
import { writePrimitive } from "./write-primitive.ts";
import { writeTagged } from "./write-tagged.ts";

/**
 * Writes the fields of `flyteidl.core.Literal`, by the declared type; without one, by the value itself.
 *
 * @throws LiteralError.
 */
function writeLiteral(target: LiteralTarget, value: unknown, type: LiteralType | undefined, depth: number): void {
  const { writer, place } = target;
  if (depth > maxDepth) throw tooDeep(place);
  const raw = rawLiteral(value, place);
  if (raw !== undefined) {
    writer.raw(raw);
    return;
  }
  const hashed = hashChoiceOf(value);
  if (hashed !== undefined) {
    writeLiteral(target, hashed.value, type, depth + 1);
    if (typeof hashed.hash !== "string") {
      throw refusal(place, `withHash() takes text, got ${describeValue(hashed.hash)}`);
    }
    if (hashed.hash !== "") writer.uint32(0x22).string(wellFormed(place, hashed.hash));
    return;
  }
  if (typeKind(type) === "union" && type !== undefined) writeUnion(target, value, type, depth);
  else if (variantChoiceOf(value) === undefined) writeByKind(target, value, type, depth);
  else throw refusal(place, `variant() is for unions, the declared type is ${typeName(type)}`);
}

function writeByKind(target: LiteralTarget, value: unknown, type: LiteralType | undefined, depth: number): void {
  const declared = typeKind(type);
  const kind = declared === "unknown" ? valueKind(value, target.bigints) : declared;
  if (kind === "list") writeList(target, value, type, depth);
  else if (kind === "map") writeMap(target, value, type, depth);
  else if (hasTagged(value, type)) writeTagged(target, value, type);
  else if (kind === "STRUCT") writeStructure(target, value, type, depth);
  else writePrimitive(target, value, type);
}

/** A literal as Flyte sent it, of either generation, with the fields that we do not know. */
function rawLiteral(value: unknown, place: Place): Uint8Array | undefined {
  if (typeof value !== "object" || value === null || !("$typeName" in value) || inheritsNothing(value))
    return undefined;
  const message = value as Message; // `$typeName` is the mark of protobuf-es' messages
  try {
    // The names below are those of the two messages.
    if (message.$typeName === "flyteidl2.core.Literal") return toBinary(flyteidl2.LiteralSchema, message as Literal);
    if (message.$typeName === "flyteidl.core.Literal") {
      return toBinary(flyteidl1.LiteralSchema, message as flyteidl1.Literal);
    }
  } catch {
    throw refusal(place, `it has the mark of a ${message.$typeName} ($typeName), but cannot be written as one`);
  }
  return undefined;
}

function writeList(target: LiteralTarget, value: unknown, type: LiteralType | undefined, depth: number): void {
  const { writer, place } = target;
  const items = itemsOf(value);
  if (items === undefined) throw refusal(place, `expected ${typeName(type)}, got ${describeValue(value)}`);
  const member = type?.type.case === "collectionType" ? type.type.value : undefined;
  writer.uint32(0x12).fork();
  const slot = place.segments.push(0) - 1;
  for (let index = 0; index < items.length; index++) {
    place.segments[slot] = index;
    writer.uint32(0x0a).fork();
    writeLiteral(target, items[index], member, depth + 1);
    writer.join();
  }
  place.segments.pop();
  writer.join();
}

function writeMap(target: LiteralTarget, value: unknown, type: LiteralType | undefined, depth: number): void {
  const { writer, place } = target;
  const members = membersOf(value);
  if (members === undefined) throw refusal(place, `expected ${typeName(type)}, got ${describeValue(value)}`);
  const member = type?.type.case === "mapValueType" ? type.type.value : undefined;
  writer.uint32(0x1a).fork();
  const slot = place.segments.push("") - 1;
  for (const [key, item] of members) {
    place.segments[slot] = keyText(key);
    if (typeof key !== "string") throw refusal(place, `a key must be a string, got ${describeValue(key)}`);
    writeLiteralEntry(target, key, item, member, depth + 1);
  }
  place.segments.pop();
  writer.join();
}

/** Writes an entry of a LiteralMap: field 1 with key 1 and value 2. */
export function writeLiteralEntry(
  target: LiteralTarget,
  key: string,
  value: unknown,
  type: LiteralType | undefined,
  depth: number,
): void {
  const { writer, place } = target;
  writer.uint32(0x0a).fork();
  writer.uint32(0x0a).string(wellFormed(place, key));
  writer.uint32(0x12).fork();
  writeLiteral(target, value, type, depth);
  writer.join();
  writer.join();
}

function writeStructure(target: LiteralTarget, value: unknown, type: LiteralType | undefined, depth: number): void {
  const { writer, place, bigints } = target;
  const shape = knownShape(target, type);
  if (valueKind(value) !== "STRUCT" && !isRootValue(target, value, shape)) {
    throw refusal(place, `expected ${typeName(type)}, got ${describeValue(value)}`);
  }
  writer.uint32(0x0a).fork();
  // Only flytekit's transformer for protobuf messages reads a Struct and nothing else.
  if (type?.metadata !== undefined && "pb_type" in type.metadata) {
    const tree = toTree({ place, bigints, form: "struct" }, value, shape, depth);
    writer.uint32(0x3a).fork();
    writeStruct(writer, typeof tree === "object" && tree !== null ? tree : {});
    writer.join();
  } else {
    const tree = toTree({ place, bigints, form: "msgpack" }, value, shape, depth);
    writer.uint32(0x1a).fork();
    writer.uint32(0x0a).bytes(encodeMsgpack(place, tree));
    writer.uint32(0x12).string("msgpack");
    writer.join();
  }
  writer.join();
}

/** Tells whether a structure may be something else than an object: a tuple of Flyte 2, pydantic's RootModel. */
function isRootValue(target: LiteralTarget, value: unknown, shape: StructShape): boolean {
  if (shape.isOpen || taggedOf(value) !== undefined) return false;
  const isTuple = shape.tupleLength !== undefined && itemsOf(value) !== undefined;
  return isTuple || fitShape(target, value, shape, 0) !== noFit;
}

function encodeMsgpack(place: Place, tree: TreeValue): Uint8Array {
  try {
    return writeMsgpack(tree);
  } catch (error) {
    if (error instanceof RangeError) throw refusal(place, error.message);
    throw error;
  }
}

const pickleTag = "FlytePickle";

function writeUnion(target: LiteralTarget, value: unknown, type: LiteralType, depth: number): void {
  const { writer } = target;
  const chosen = chooseVariant(target, value, type);
  // What Flyte 2 cannot type is declared as a union of pickles and sent bare.
  const variants = type.type.case === "unionType" ? type.type.value.variants : [];
  if (variants.every((variant) => typeTag(variant) === pickleTag)) {
    writeLiteral(target, chosen.value, chosen.variant, depth + 1);
    return;
  }
  writer.uint32(0x0a).fork();
  writer.uint32(0x4a).fork();
  writer.uint32(0x0a).fork();
  writeLiteral(target, chosen.value, chosen.variant, depth + 1);
  writer.join();
  writer.uint32(0x12).bytes(encodedType(target, chosen.variant));
  writer.join();
  writer.join();
}
