import type { Literal } from "@flyte-agent/literals";
import { float } from "@flyte-agent/literals";
import {
  base64,
  isBytes,
  maxDepth,
  membersOf,
  type NumberChoice,
  numberChoiceOf,
  pythonIso,
  pythonSeconds,
  readMsgpack,
  type TreeValue,
} from "@flyte-agent/literals/internal";
import { invalidInput } from "../errors.ts";
import { pythonJson } from "./python-json.ts";

/** A value as flytekit's templates see it: floats told from integers, maps in their order, bytes only as base64. */
export type TemplateValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | NumberChoice
  | Uint8Array
  | readonly TemplateValue[]
  | ReadonlyMap<string, TemplateValue>
  | { readonly [key: string]: TemplateValue };

/** What a template becomes: JSON, and bigint for integers beyond 2^53. Objects have no prototype. */
export type RenderedValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly RenderedValue[]
  | { readonly [key: string]: RenderedValue };

/**
 * What flytekit's templates make of an input.
 *
 * @throws AgentError `invalid_input` for a literal without value, an offloaded one, or msgpack that JSON cannot hold.
 */
export function literalTemplateValue(
  name: string,
  literal: Literal,
  structures: StructureForm = "text",
): TemplateValue {
  return ofLiteral({ name, structures }, literal, 0);
}

/** What structures in msgpack (dataclasses, dicts) become: JSON text as in Python, or what is in them, to reach into. */
export type StructureForm = "text" | "tree";

interface Input {
  readonly name: string;
  readonly structures: StructureForm;
}

/** The same value without the marks that tell floats from integers; base64 becomes text. */
export function plainValue(value: TemplateValue): RenderedValue {
  if (typeof value !== "object" || value === null) return value;
  const number = numberChoiceOf(value);
  if (number !== undefined) return number.value;
  if (isBytes(value)) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map((item: TemplateValue) => plainValue(item));
  const object: { [key: string]: RenderedValue } = Object.create(null);
  // What is neither number, bytes nor array is a map, in one of its two forms.
  const members = value instanceof Map ? value : Object.entries(value as { readonly [key: string]: TemplateValue });
  for (const [key, member] of members) object[key] = plainValue(member);
  return object;
}

function ofLiteral(input: Input, literal: Literal, depth: number): TemplateValue {
  if (depth > maxDepth) throw invalidInput(input.name, `nested deeper than ${maxDepth} levels`);
  const { value } = literal;
  switch (value.case) {
    case "scalar":
      return ofScalar(input, value.value.value, depth);
    case "collection":
      return value.value.literals.map((item) => ofLiteral(input, item, depth + 1));
    case "map": {
      const members = Object.entries(value.value.literals);
      return new Map(members.map(([key, member]) => [key, ofLiteral(input, member, depth + 1)]));
    }
    case "offloadedMetadata":
      throw invalidInput(input.name, "the literal was offloaded to a file, so that a template cannot show it");
    default:
      throw invalidInput(input.name, "the literal has no value");
  }
}

type ScalarValue = Extract<Literal["value"], { case: "scalar" }>["value"]["value"];

function ofScalar(input: Input, scalar: ScalarValue, depth: number): TemplateValue {
  switch (scalar.case) {
    case "primitive":
      return ofPrimitive(input.name, scalar.value.value);
    case "noneType":
      return null;
    case "error":
      return scalar.value.message;
    case "structuredDataset":
    case "schema":
    case "blob":
      return scalar.value.uri;
    case "binary":
      return scalar.value.tag === "msgpack" ? ofMsgpack(input, scalar.value.value) : base64Bytes(scalar.value.value);
    case "generic":
      return ofJson(scalar.value);
    case "union":
      if (scalar.value.value !== undefined) return ofLiteral(input, scalar.value.value, depth + 1);
      throw invalidInput(input.name, "the union has no value");
    default:
      throw invalidInput(input.name, "the literal has no value");
  }
}

type PrimitiveValue = Extract<ScalarValue, { case: "primitive" }>["value"]["value"];

function ofPrimitive(name: string, primitive: PrimitiveValue): TemplateValue {
  switch (primitive.case) {
    case "integer": {
      const number = Number(primitive.value);
      return Number.isSafeInteger(number) ? number : primitive.value;
    }
    case "floatValue":
      return float(primitive.value);
    case "stringValue":
    case "boolean":
      return primitive.value;
    case "datetime":
      return pythonIso(primitive.value.seconds * 1_000_000_000n + BigInt(primitive.value.nanos));
    case "duration":
      return float(pythonSeconds(primitive.value.seconds * 1_000_000_000n + BigInt(primitive.value.nanos)));
    default:
      throw invalidInput(name, "the literal has no value");
  }
}

function ofMsgpack({ name, structures }: Input, bytes: Uint8Array): TemplateValue {
  try {
    const tree = readMsgpack(bytes, { integers: "auto", exact: true });
    return structures === "tree" ? ofTree(tree) : pythonJson(tree);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidInput(name, `the msgpack value cannot be shown as text: ${error.message}`);
  }
}

/** The same tree with text as the keys of its maps, by which a template reaches into it. */
function ofTree(tree: TreeValue): TemplateValue {
  if (Array.isArray(tree)) return tree.map(ofTree);
  const isNumber = typeof tree === "object" && tree !== null && numberChoiceOf(tree) !== undefined;
  const members = isNumber ? undefined : membersOf(tree);
  if (members === undefined) return tree as TemplateValue; // neither a list nor a map: the same in both
  return new Map(members.map(([key, member]) => [String(key), ofTree(member as TreeValue)])); // a tree's members are trees
}

/** A Struct knows floats only, and Python prints them so. */
function ofJson(value: unknown): TemplateValue {
  if (typeof value === "number") return float(value);
  if (Array.isArray(value)) return value.map(ofJson);
  if (typeof value === "object" && value !== null) {
    return new Map(Object.entries(value).map(([key, member]) => [key, ofJson(member)]));
  }
  return typeof value === "string" || typeof value === "boolean" ? value : null;
}

/** Python's `base64.b64encode` makes bytes, which `str()` prints as `b'…'`. */
function base64Bytes(bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(base64(bytes));
}
