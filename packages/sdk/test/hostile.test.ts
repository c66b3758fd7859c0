import { readFileSync } from "node:fs";
import { create, fromBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { flyteidl2 } from "@flyte-agent/idl";
import {
  directory,
  type FlyteOutput,
  file,
  float,
  int,
  isAgentError,
  type LiteralType,
  pythonText,
  renderInputs,
  schema,
  structuredDataset,
  toJson,
  variant,
  withHash,
} from "@flyte-agent/sdk";
import { readOutputs, readTask, writeOutputs } from "@flyte-agent/sdk/host";
import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binary, encodeLiterals, encodeTemplate, scalar } from "./encoded-task.ts";
import { blobOf, enumOf, listOf, mapOf, schemaType, simple, structOf, tableOf, unionOf } from "./literal-types.ts";

interface WrittenValue {
  readonly type: string;
  readonly literal: string;
}

/** Values that the real SDKs wrote. */
const written: readonly WrittenValue[] = ["flytekit-1.16.31", "flyte-sdk-2.12.1"].flatMap((generation) =>
  readFileSync(new URL(`../../../interop/values/${generation}.jsonl`, import.meta.url), "utf8")
    .trim()
    .split("\n")
    // The files hold one value a line, in this shape.
    .map((line) => JSON.parse(line) as WrittenValue),
);

const recursive = structOf({
  title: "Root",
  $defs: { Node: { type: "object", properties: { next: { anyOf: [{ $ref: "#/$defs/Node" }, { type: "null" }] } } } },
  properties: {
    count: { type: "integer" },
    total: { type: "number" },
    node: { $ref: "#/$defs/Node" },
    by: { type: "object", additionalProperties: { type: "number" }, propertyNames: { type: "integer" } },
    pair: { type: "array", prefixItems: [{ type: "integer" }, { type: "string" }] },
    when: { type: "string", format: "date-time" },
    loop: { $ref: "#/properties/loop" },
  },
});
const tuple = structOf({ title: "TupleWrapper_x", properties: { item_0: {}, item_1: { type: "integer" } } });

const leaf = fc.constantFrom<LiteralType>(
  create(flyteidl2.LiteralTypeSchema),
  simple("INTEGER", "int"),
  simple("FLOAT", "float"),
  simple("STRING", "str"),
  simple("BOOLEAN", "bool"),
  simple("DATETIME", "datetime"),
  simple("DURATION"),
  simple("NONE"),
  simple("ERROR"),
  simple("BINARY"),
  simple("STRUCT"),
  enumOf("a", "b"),
  blobOf("SINGLE"),
  blobOf("MULTIPART", "csv"),
  blobOf("SINGLE", "PythonPickle"),
  tableOf(),
  schemaType,
  recursive,
  tuple,
  structOf({ pb_type: "a.B" }),
);

const types = fc.letrec<{ type: LiteralType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie("type").map((member) => listOf(member)),
    tie("type").map((member) => mapOf(member)),
    fc.array(tie("type"), { maxLength: 4 }).map((variants) => unionOf(...variants)),
  ),
})).type;

/** Anything that a plugin in plain JavaScript may give. */
const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
});

/** What plain JavaScript can make with the builders. */
const mistaken = fc.tuple(fc.nat(9), anything, anything).map(([builder, first, second]): unknown => {
  const [one, other] = [first as never, second as never];
  switch (builder) {
    case 0:
      return withHash(one, other);
    case 1:
      return variant(one, other);
    case 2:
      return int(one);
    case 3:
      return float(one);
    case 4:
      return file(one, { format: other });
    case 5:
      return directory("s3://b/d", { hash: one, metadata: other });
    case 6:
      return structuredDataset("s3://b/t", { columns: one, externalSchema: other });
    case 7:
      return schema(one, { columns: other });
    case 8:
      return { $typeName: "flyteidl2.core.Literal", value: first, hash: second };
    default:
      return { uri: first, kind: second, message: first, metadata: second };
  }
});
const within = fc.tuple(fc.nat(4), fc.oneof(anything, mistaken)).map(([place, value]): unknown => {
  const all = [value, [value], { x: value }, new Map([[value, 1]]), variant("int", value)];
  return all[place];
});

/** Runs what may refuse, and checks that a refusal is an AgentError that says where. */
function expectRefusal(run: () => void, where: RegExp): void {
  try {
    run();
  } catch (error) {
    if (!isAgentError(error)) throw error;
    expect(error.message).toMatch(where);
    expect(error.message.length).toBeLessThan(2000);
  }
}

const readRefusal =
  /^(input "|inputs is not a valid protobuf message|template is not a valid protobuf message|custom: )/;

/** Reads inputs, and everything that can be made of them. */
function readAll(type: LiteralType | undefined, template: Uint8Array, inputs: Uint8Array): void {
  const task = readTask({ template, inputs }, { integers: "auto" });
  for (const [name, value] of Object.entries(task.inputs)) {
    JSON.stringify(toJson(value));
    pythonText(value);
    renderInputs(`{inputs.${name}}`, task);
    if (type === undefined) continue;
    // What was read is written again, or refused.
    expectRefusal(() => writeOutputs({ a: value }, new Map([["a", type]])), /^output "a"/);
  }
}

/** Changes bytes here and there: other ones, some more, some less, some twice. */
function mutate(bytes: Uint8Array, changes: readonly (readonly [number, number, number])[]): Uint8Array {
  let result = Array.from(bytes);
  for (const [kind, at, byte] of changes) {
    const position = result.length === 0 ? 0 : at % result.length;
    if (kind === 0) result[position] = byte;
    else if (kind === 1) result.splice(position, 0, byte);
    else if (kind === 2) result.splice(position, 1 + (byte % 4));
    else if (kind === 3) result.splice(position, 0, ...result.slice(position, position + (byte % 16)));
    else result = result.slice(0, position);
  }
  return Uint8Array.from(result);
}

const changes = fc.array(fc.tuple(fc.nat(4), fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });

describe("hostile input never does more than being refused with its path", () => {
  it("as bytes of any kind, for any type", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), types, (bytes, type) => {
        expectRefusal(() => readAll(type, encodeTemplate({ a: type }), bytes), readRefusal);
        // Most garbage is no message at all; as content it comes further.
        const inputs = encodeLiterals({ a: binary(bytes) });
        expectRefusal(() => readAll(type, encodeTemplate({ a: type }), inputs), readRefusal);
      }),
      { numRuns: 2000 },
    );
  });

  it("as values of the real SDKs that were changed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...written), changes, ({ type, literal }, list) => {
        const declared = fromBinary(flyteidl2.LiteralTypeSchema, Buffer.from(type, "base64"));
        // LiteralMap: literals 1 { key 1, value 2 }.
        const writer = new BinaryWriter().uint32(0x0a).fork().uint32(0x0a).string("a").uint32(0x12);
        const inputs = writer
          .bytes(mutate(Buffer.from(literal, "base64"), list))
          .join()
          .finish();
        expectRefusal(() => readAll(declared, encodeTemplate({ a: declared }), inputs), readRefusal);
      }),
      { numRuns: 3000 },
    );
  });

  it("as types of the real SDKs that were changed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...written), changes, ({ type, literal }, list) => {
        const declared = fromBinary(flyteidl2.LiteralTypeSchema, Buffer.from(type, "base64"));
        const sent = fromBinary(flyteidl2.LiteralSchema, Buffer.from(literal, "base64"));
        const template = mutate(encodeTemplate({ a: declared }), list);
        expectRefusal(() => readAll(undefined, template, encodeLiterals({ a: sent })), readRefusal);
      }),
      { numRuns: 2000 },
    );
  });

  it("as a schema that is any JSON, with a value that is any JSON", () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const key = fc.constantFrom(
      "properties",
      "anyOf",
      "$ref",
      "$defs",
      "items",
      "prefixItems",
      "type",
      "title",
      "enum",
    );
    fc.assert(
      fc.property(
        fc.dictionary(key, json),
        fc.dictionary(fc.string(), json),
        fc.boolean(),
        (metadata, value, asStruct) => {
          const type = unionOf(structOf(metadata, "a"), structOf({ properties: metadata }, "b"), simple("STRUCT", "c"));
          const sent = asStruct ? scalar({ case: "generic", value: value as never }) : binary(encode(value));
          expectRefusal(() => readAll(type, encodeTemplate({ a: type }), encodeLiterals({ a: sent })), readRefusal);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("an output that is anything", () => {
  it("is written so that it can be read, or refused with its path", () => {
    fc.assert(
      fc.property(within, types, fc.constantFrom("auto" as const, "bigint" as const), (value, type, integers) => {
        const declared = new Map([["a", type]]);
        expectRefusal(() => {
          const bytes = writeOutputs({ a: value as FlyteOutput }, declared, { integers });
          fromBinary(flyteidl2.OutputsSchema, bytes, { recursionLimit: 1000 });
          readOutputs(bytes, declared, { integers });
        }, /^output "a"/);
        expectRefusal(() => writeOutputs({ a: value as FlyteOutput }, undefined, { integers }), /^output "a"/);
      }),
      { numRuns: 3000 },
    );
  });

  it("is refused as outputs as a whole", () => {
    fc.assert(
      fc.property(anything, (outputs) => {
        expectRefusal(() => writeOutputs(outputs as Record<string, FlyteOutput>, undefined), /^(output "|outputs: )/);
      }),
    );
  });
});
