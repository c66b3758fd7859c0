import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { create, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { flyteidl2 } from "@flyte-agent/idl";
import { type FlyteOutput, file, instant, type LiteralType, withHash } from "@flyte-agent/sdk";
import { readOutputs, readTask, writeOutputs } from "@flyte-agent/sdk/host";
import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { binary, encodeLiterals, encodeTemplate, primitive, scalar } from "./encoded-task.ts";
import { enumOf, listOf, mapOf, simple, structOf, unionOf } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

const untyped = create(flyteidl2.LiteralTypeSchema);
const struct = simple("STRUCT");
const message = structOf({ pb_type: "a.B" });

function read(literal: Parameters<typeof encodeLiterals>[0][string], type: LiteralType): unknown {
  return readOutputs(encodeLiterals({ a: literal }), new Map([["a", type]])).a;
}

function write(value: unknown, type: LiteralType): unknown {
  // What a plugin in plain JavaScript may give.
  return writeOutputs({ a: value as FlyteOutput }, new Map([["a", type]]));
}

/** A value within so many lists, or lists within each other, the innermost empty. */
function nested(lists: number, innermost: unknown): unknown {
  let value = innermost;
  for (let level = 0; level < lists; level++) value = [value];
  return value;
}

function nestedType(lists: number): LiteralType {
  let type = simple("INTEGER");
  for (let level = 0; level < lists; level++) type = listOf(type);
  return type;
}

function nestedLiteral(lists: number): Parameters<typeof encodeLiterals>[0][string] {
  let literal = create(flyteidl2.LiteralSchema, primitive({ case: "integer", value: 1n }));
  for (let level = 0; level < lists; level++) {
    literal = create(flyteidl2.LiteralSchema, { value: { case: "collection", value: { literals: [literal] } } });
  }
  return literal;
}

describe("nesting", () => {
  const levels = "nested deeper than 200 levels";

  it("is bounded alike for literals, msgpack and Struct, reading and writing", () => {
    const deepest = { x: nested(199, 1) };
    const deeper = { x: nested(200, 1) };
    expect(read(nestedLiteral(200), untyped)).toEqual(nested(200, 1));
    expect(read(binary(encode(nested(200, 1), { maxDepth: 1000 })), struct)).toEqual(nested(200, 1));
    expect(read(scalar({ case: "generic", value: deepest as never }), struct)).toEqual(deepest);
    expect(() => write(nested(200, 1), nestedType(200))).not.toThrow();
    expect(() => write(deepest, struct)).not.toThrow();
    expect(() => write(deepest, message)).not.toThrow();

    expect(thrown(() => read(nestedLiteral(201), untyped))).toContain(levels);
    expect(thrown(() => read(binary(encode(nested(201, 1), { maxDepth: 1000 })), struct))).toContain(levels);
    expect(thrown(() => read(scalar({ case: "generic", value: deeper as never }), struct))).toContain(levels);
    expect(thrown(() => write(nested(201, 1), nestedType(201)))).toContain(levels);
    expect(thrown(() => write(deeper, struct))).toContain(levels);
    expect(thrown(() => write(deeper, message))).toContain(levels);
  });

  it("counts through a structure in lists", () => {
    const around = (lists: number): LiteralType => {
      let type = struct;
      for (let level = 0; level < lists; level++) type = listOf(type);
      return type;
    };
    const value = nested(100, { x: nested(99, 1) });
    const bytes = write(value, around(100)) as Uint8Array;
    expect(readOutputs(bytes, new Map([["a", around(100)]])).a).toEqual(value);
    expect(thrown(() => write(nested(101, { x: nested(99, 1) }), around(101)))).toContain(levels);
  });

  it("of empty containers is bounded like that of others", () => {
    expect(() => write(nested(200, []), nestedType(201))).not.toThrow();
    expect(() => write({ x: nested(199, []) }, struct)).not.toThrow();
    expect(thrown(() => write({ x: nested(200, []) }, struct))).toContain(levels);
    expect(thrown(() => write({ x: nested(199, file("s3://b")) }, struct))).toContain(levels);
    expect(read(binary(encode(nested(200, []), { maxDepth: 1000 })), struct)).toEqual(nested(200, []));
    expect(thrown(() => read(binary(encode(nested(201, []), { maxDepth: 1000 })), struct))).toContain(levels);
  });

  it("of hashes ends, too", () => {
    let value: FlyteOutput = 1;
    for (let level = 0; level < 10_000; level++) value = withHash(value, "h");
    expect(thrown(() => write(value, simple("INTEGER")))).toContain(levels);
    expect(thrown(() => write([value], listOf(unionOf(simple("INTEGER"), simple("STRING")))))).toContain(levels);
    expect(thrown(() => write(value, untyped))).toContain(levels);
  });

  it("of a schema in the type of a union may be as deep as in a declared one", () => {
    let schema: Record<string, unknown> = { type: "integer" };
    for (let level = 0; level < 60; level++) schema = { type: "object", properties: { x: schema } };
    const type = structOf(schema);
    const inner = create(flyteidl2.LiteralSchema, binary(encode({ x: 1 })));
    expect(read(scalar({ case: "union", value: { value: inner, type } }), type)).toEqual({ x: 1 });
  });
});

describe("what a structure holds", () => {
  const many =
    "the structures hold more than 2000000 lists, maps and bytes: pass data as a file or a structured dataset";
  /** A list of so many values in msgpack, each of these bytes. */
  const listOfBytes = (count: number, item: readonly number[]): Uint8Array => {
    const bytes = Buffer.alloc(5 + count * item.length).fill(Uint8Array.from(item), 5);
    bytes[0] = 0xdd;
    bytes.writeUInt32BE(count, 1);
    return bytes;
  };

  // A byte of msgpack can stand for a hundred of memory.
  it.each([
    ["maps", [0x80]],
    ["lists", [0x90]],
    ["bytes", [0xc4, 0]],
  ])("is bounded in msgpack: %s", (_name, item) => {
    expect(read(binary(listOfBytes(1000, item)), struct)).toHaveLength(1000);
    expect(thrown(() => read(binary(listOfBytes(2_000_000, item)), struct))).toBe(
      `invalid_output: output "a": the msgpack value cannot be read: ${many}`,
    );
  });

  it("is bounded over all inputs", () => {
    const half = binary(listOfBytes(1_100_000, [0x80]));
    const declared = new Map([
      ["a", struct],
      ["b", struct],
    ]);
    expect(thrown(() => readOutputs(encodeLiterals({ a: half, b: half }), declared))).toContain(many);
  });

  it("is bounded in a Struct", () => {
    // Scalar.generic: a member "x", a list of empty objects; of literals that are written by hand.
    const list = Buffer.alloc(2_000_000 * 4, Uint8Array.of(0x0a, 2, 0x2a, 0));
    const writer = new BinaryWriter().uint32(0x0a).fork().uint32(0x0a).string("a").uint32(0x12).fork();
    const generic = writer.uint32(0x0a).fork().uint32(0x3a).fork().uint32(0x0a).fork().uint32(0x0a).string("x");
    const value = generic.uint32(0x12).fork().uint32(0x32).bytes(list);
    const bytes = value.join().join().join().join().join().join().finish();
    expect(thrown(() => readOutputs(bytes, new Map([["a", struct]])))).toContain(many);
  });

  it("is bounded where numbers become durations", () => {
    const sent = binary(listOfBytes(2_000_001, [1]));
    expect(thrown(() => read(sent, listOf(simple("DURATION"))))).toContain(many);
  });

  it("may be any number of numbers", () => {
    expect(read(binary(listOfBytes(3_000_000, [1])), struct)).toHaveLength(3_000_000);
  });
});

/** Reads one output of this type in a thread with so little memory, and gives it as it is in JSON. */
async function readWithin(megabytes: number, value: Uint8Array, type: LiteralType): Promise<unknown> {
  const code = `
    const { workerData, parentPort } = require("node:worker_threads");
    (async () => {
      const { create, fromBinary } = await import(workerData.protobuf);
      const { flyteidl2 } = await import(workerData.idl);
      const { readOutputs } = await import(workerData.host);
      const type = fromBinary(flyteidl2.LiteralTypeSchema, workerData.type);
      const { a } = readOutputs(workerData.literals, new Map([["a", type]]));
      parentPort.postMessage(JSON.stringify(a));
    })();`;
  const worker = new Worker(code, {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
    workerData: {
      protobuf: import.meta.resolve("@bufbuild/protobuf"),
      idl: import.meta.resolve("@flyte-agent/idl"),
      host: import.meta.resolve("@flyte-agent/sdk/host"),
      type: toBinary(flyteidl2.LiteralTypeSchema, type),
      literals: encodeLiterals({ a: binary(value) }),
    },
  });
  const [text] = await once(worker, "message");
  await worker.terminate();
  return JSON.parse(text);
}

describe("a schema that refers to itself does not take memory for each part of a value", () => {
  /** A tree of objects within each other, each with the same members. */
  const tree = (levels: number, keys: readonly string[], leaf: unknown): unknown => {
    if (levels === 0) return leaf;
    const member = tree(levels - 1, keys, leaf);
    return Object.fromEntries(keys.map((key) => [key, member]));
  };
  const keys = Object.keys(manyMembers("", 40, 0));
  const large = tree(3, keys, tree(1, keys.slice(0, 15), null));
  // Structures are only looked into where there may be a tuple.
  const node = (properties: unknown) => ({ description: "TupleWrapper_", type: "object", properties });

  it("where it has one alternative", async () => {
    const type = structOf(node(Object.fromEntries(keys.map((key) => [key, { $ref: "#" }]))));
    expect(await readWithin(250, encode(large), type)).toEqual(large);
  });

  it("where it has several", async () => {
    const members = Object.fromEntries(keys.map((key) => [key, { $ref: "#" }]));
    const type = structOf({
      anyOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }],
      $defs: { a: node(members), b: node(members) },
    });
    expect(await readWithin(250, encode(large), type)).toEqual(large);
  });

  it("where each part has others of them", async () => {
    // Which of the states are left after the last 17 members: 2^17 sets.
    const next = (state: number) => ({ $ref: `#/$defs/${Math.min(state + 1, 17)}` });
    const states = Array.from({ length: 18 }, (_, state) => node({ a: next(state), b: next(state) }));
    const start = node({ a: { anyOf: [{ $ref: "#/$defs/start" }, next(-1)] }, b: { $ref: "#/$defs/start" } });
    const type = structOf({ $ref: "#/$defs/start", $defs: { ...states, start } });
    const value = tree(17, ["a", "b"], null);
    expect(await readWithin(85, encode(value), type)).toEqual(value);
  });

  it("and takes no part for another", () => {
    const properties = manyMembers("item_", 2, { type: "integer" });
    const pair = { title: "TupleWrapper_", type: "object", properties };
    const type = structOf({ type: "object", properties: { x: { type: "object", properties }, y: pair } });
    const sent = { item_0: 1, item_1: 2 };
    expect(read(binary(encode({ x: sent, y: sent })), type)).toEqual({ x: sent, y: [1, 2] });
  });

  it("and still makes tuples in all depths", () => {
    const pair = { title: "TupleWrapper_", type: "object", properties: manyMembers("item_", 2, { $ref: "#" }) };
    const add = { type: "object", properties: { left: { $ref: "#" }, right: { $ref: "#" } }, required: ["left"] };
    const not = { type: "object", properties: { left: { $ref: "#" } }, required: ["left"] };
    const anyOf = ["pair", "add", "not"].map((name) => ({ $ref: `#/$defs/${name}` }));
    const type = structOf({ anyOf: [...anyOf, { type: "null" }], $defs: { pair, add, not } });
    const sent = (levels: number): unknown => {
      return levels === 0 ? null : { left: { item_0: sent(levels - 1), item_1: null } };
    };
    const got = (levels: number): unknown => (levels === 0 ? null : { left: [got(levels - 1), null] });
    expect(read(binary(encode(sent(50), { maxDepth: 1000 })), type)).toEqual(got(50));
  });
});

/** An object with so many members, which are all the same. */
function manyMembers<Member>(prefix: string, count: number, member: Member): Record<string, Member> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, member]));
}

// Each of these would take minutes, or for ever, if work were done for each pair of things that a caller sends many of.
describe("a type that is made to keep a server busy does not: one with", () => {
  const integer = create(flyteidl2.LiteralSchema, primitive({ case: "integer", value: 1n }));
  const listOfLiterals = (literals: readonly (typeof integer)[]) =>
    create(flyteidl2.LiteralSchema, { value: { case: "collection", value: { literals: [...literals] } } });

  it("a schema that refers to itself in 64^8 ways", () => {
    const anyOf = Array.from({ length: 64 }, () => ({ $ref: "#/$defs/x" }));
    const type = structOf({ title: "TupleWrapper_x", $ref: "#/$defs/x", $defs: { x: { anyOf } } });
    expect(read(binary(encode({ a: 1 })), type)).toEqual({ a: 1 });
    expect(() => write({ a: 1 }, unionOf(type, simple("STRING"), simple("INTEGER")))).not.toThrow();
  });

  it("a schema of thousands for keys that it does not declare", () => {
    const anyOf = Array.from({ length: 20_000 }, () => ({}));
    const type = structOf({ title: "TupleWrapper_x", type: "object", additionalProperties: { anyOf } });
    const value = manyMembers("k", 50_000, 0);
    expect(read(binary(encode(value)), type)).toEqual(value);
  });

  it("a tuple of thousands in a list of thousands", () => {
    const items = { title: "TupleWrapper_x", properties: manyMembers("item_", 20_000, {}) };
    const type = structOf({ type: "object", properties: { x: { type: "array", items } } });
    const value = { x: Array.from({ length: 50_000 }, () => ({})) };
    expect(read(binary(encode(value)), type)).toEqual(value);
  });

  it("thousands of declared members, in a union, for objects without any", () => {
    const wide = structOf({ type: "object", properties: manyMembers("p", 20_000, {}) });
    const value = Array.from({ length: 50_000 }, () => ({}));
    expect(read(binary(encode(value)), listOf(unionOf(wide, struct)))).toEqual(value);
  });

  it("thousands of declared fields, in a union, for objects without any", () => {
    const dataclassType = manyMembers("f", 20_000, simple("INTEGER"));
    const wide = create(flyteidl2.LiteralTypeSchema, { type: struct.type, structure: { dataclassType } });
    const value = Array.from({ length: 30_000 }, () => ({}));
    expect(read(binary(encode(value)), listOf(unionOf(wide, simple("STRING"))))).toEqual(value);
  });

  it("a name that is required thousands of times, in a union", () => {
    const properties = { a: { type: "integer" } };
    const repeated = structOf({ type: "object", properties, required: Array.from({ length: 200_000 }, () => "a") });
    const value = Array.from({ length: 20_000 }, () => ({ a: 1 }));
    expect(read(binary(encode(value)), listOf(unionOf(repeated, structOf({ properties }))))).toEqual(value);
  });

  it("an enum of thousands in a union, for thousands of other texts", () => {
    const listed = enumOf(...Object.keys(manyMembers("v", 50_000, 0)));
    const type = listOf(unionOf(listed, structOf({ type: "string", enum: ["a"] })));
    const sent = binary(encode(Object.keys(manyMembers("w", 100_000, 0))));
    expect(thrown(() => read(sent, type))).toContain("its union has too many variants to try them all");
  });

  it("a union of thousands around literals of no union", () => {
    const nones = Array.from({ length: 20_000 }, () => simple("NONE"));
    const type = listOf(unionOf(...nones, simple("INTEGER")));
    const sent = listOfLiterals(Array.from({ length: 20_000 }, () => integer));
    expect(read(sent, type)).toHaveLength(20_000);
  });

  it("a union of thousands around literals of each variant", () => {
    const variants = Array.from({ length: 10_000 }, (_, index) => simple("INTEGER", `tag${index}`));
    const inUnion = variants.map((type) =>
      create(flyteidl2.LiteralSchema, scalar({ case: "union", value: { value: integer, type } })),
    );
    expect(read(listOfLiterals(inUnion), listOf(unionOf(...variants)))).toHaveLength(10_000);
  });
});

describe("an error", () => {
  it("stays short, however long names, keys and paths are", () => {
    const long = "x".repeat(100_000);
    const template = encodeTemplate({ a: simple("INTEGER") });
    const inputs = encodeLiterals({ [long]: primitive({ case: "integer", value: 1n }) });
    const unknown = thrown(() => readTask({ template, inputs }, { integers: "auto" }));
    expect(unknown).toBe(`invalid_input: input "${"x".repeat(127)}…": the task does not declare it, it declares "a"`);
    expect(thrown(() => write({ [long]: "x" }, mapOf(simple("INTEGER"))))).toBe(
      `invalid_output: output "a"["${"x".repeat(31)}…"]: expected INTEGER, got string "x"`,
    );
    const path = thrown(() => write(nested(100, "x"), nestedType(100)));
    expect(path).toBe(
      `invalid_output: output "a"${"[0]".repeat(8)}…${"[0]".repeat(8)}: expected INTEGER, got string "x"`,
    );
  });

  it("names the path of what Python could not hold inside a structure", () => {
    const late = { epochNanoseconds: 2n ** 70n, [Symbol.toStringTag]: "Temporal.Instant" };
    Object.setPrototypeOf(late, { toString: () => "late" });
    expect(thrown(() => write({ x: [late] }, struct))).toBe(
      'invalid_output: output "a".x[0]: a DATETIME outside the years 1 to 9999',
    );
    expect(() => write({ x: [instant("9999-12-31T23:59:59.999999999Z")] }, struct)).not.toThrow();
  });

  it("is refused with its path for keys that are no text at all", () => {
    expect(thrown(() => write(new Map([[Object.create(null), 1]]), mapOf(simple("INTEGER"))))).toBe(
      'invalid_output: output "a"["an object"]: a key must be a string, got an object',
    );
  });

  it("says so where the outputs are no object", () => {
    for (const outputs of [new Map(), [1], "x"]) {
      expect(thrown(() => writeOutputs(outputs as never, undefined))).toMatch(
        /^invalid_output: outputs: expected an object by name, got /,
      );
    }
  });
});
