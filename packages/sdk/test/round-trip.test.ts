import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import {
  directory,
  duration,
  type FlyteOutput,
  file,
  instant,
  isAgentError,
  type LiteralType,
  structuredDataset,
} from "@flyte-agent/sdk";
import { readOutputs, readTask, writeOutputs } from "@flyte-agent/sdk/host";
import { decode, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeTemplate } from "./encoded-task.ts";
import { blobOf, enumOf, listOf, mapOf, simple, tableOf, unionOf } from "./literal-types.ts";

type Integers = "auto" | "bigint";

interface Sample {
  readonly type: LiteralType;
  readonly value: FlyteOutput;
}

const second = 1_000_000_000n;
const text = fc.string({ unit: "grapheme" });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const key = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "1", ""));

const scalars: fc.Arbitrary<Sample> = fc.oneof(
  int64.map((value) => ({ type: simple("INTEGER"), value })),
  fc.double().map((value) => ({ type: simple("FLOAT"), value })),
  text.map((value) => ({ type: simple("STRING"), value })),
  fc.boolean().map((value) => ({ type: simple("BOOLEAN"), value })),
  fc.constant({ type: simple("NONE"), value: null }),
  fc
    .bigInt({ min: -62_135_596_800n * second, max: 253_402_300_799n * second })
    .map((nanoseconds) => ({ type: simple("DATETIME"), value: instant(nanoseconds) })),
  fc
    .bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
    .map((nanoseconds) => ({ type: simple("DURATION"), value: duration(nanoseconds) })),
  fc.constantFrom("a", "b").map((value) => ({ type: enumOf("a", "b"), value })),
  text.map((uri) => ({ type: blobOf("SINGLE"), value: file(uri) })),
  text.map((uri) => ({ type: blobOf("MULTIPART"), value: directory(uri, { hash: "h", metadata: { a: uri } }) })),
  text.map((uri) => ({ type: tableOf(), value: structuredDataset(uri, { format: "x" }) })),
);

/** A tree that msgpack holds; with bigint for integers every one of them comes back the same. */
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true }),
    int64,
    text,
    fc.uint8Array(),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("node")), { maxLength: 4 }).map(plainObject),
  ),
})).node;

const structures: fc.Arbitrary<Sample> = fc
  .array(fc.tuple(key, tree), { maxLength: 4 })
  .map((members) => ({ type: simple("STRUCT"), value: plainObject(members) as FlyteOutput }));

const samples: fc.Arbitrary<Sample> = fc.oneof(
  scalars,
  structures,
  scalars.map(({ type, value }) => ({ type: listOf(type), value: [value, value] })),
  scalars.map(({ type, value }) => ({ type: listOf(listOf(type)), value: [[value], []] })),
  fc
    .tuple(key, scalars)
    .map(([name, { type, value }]) => ({ type: mapOf(type), value: plainObject([[name, value]]) as FlyteOutput })),
  scalars.map(({ type, value }) => ({ type: unionOf(type, listOf(type)), value: [value] })),
);

function plainObject(members: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, member] of members) object[name] = member;
  return object;
}

function there(sample: Sample, integers: Integers): Uint8Array {
  return writeOutputs({ a: sample.value }, new Map([["a", sample.type]]), { integers });
}

function back(bytes: Uint8Array, type: LiteralType, integers: Integers): unknown {
  return readOutputs(bytes, new Map([["a", type]]), { integers }).a;
}

describe("a value of any type", () => {
  it("comes back as it was written", () => {
    fc.assert(
      fc.property(samples, (sample) => {
        expect(back(there(sample, "bigint"), sample.type, "bigint")).toEqual(sample.value);
      }),
      { numRuns: 500 },
    );
  });

  it("is written to the same bytes again, whichever way integers come", () => {
    fc.assert(
      fc.property(samples, fc.constantFrom<Integers>("auto", "bigint"), (sample, integers) => {
        const bytes = there(sample, "bigint");
        // Without schema, only bigint tells an integer in a structure from a float.
        fc.pre(integers === "bigint" || sample.type.type.value !== flyteidl2.SimpleType.STRUCT);
        const value = back(bytes, sample.type, integers) as FlyteOutput;
        expect(there({ type: sample.type, value }, integers)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it("is decoded by protobuf-es and encoded to the same bytes", () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const bytes = there(sample, "bigint");
        expect(toBinary(flyteidl2.OutputsSchema, fromBinary(flyteidl2.OutputsSchema, bytes))).toEqual(bytes);
      }),
    );
  });
});

describe("msgpack", () => {
  const binaryOf = (value: Uint8Array): Uint8Array => {
    const content = {
      value: {
        case: "scalar" as const,
        value: { value: { case: "binary" as const, value: { value, tag: "msgpack" } } },
      },
    };
    return toBinary(
      flyteidl2.OutputsSchema,
      create(flyteidl2.OutputsSchema, { literals: [{ name: "a", value: content }] }),
    );
  };
  const contentOf = (bytes: Uint8Array): Uint8Array => {
    const value = fromBinary(flyteidl2.OutputsSchema, bytes).literals[0]?.value?.value;
    if (value?.case !== "scalar" || value.value.value.case !== "binary") throw new Error("no binary");
    return value.value.value.value.value;
  };
  // What the other library can hold: no bigint beyond 64 bits, no key `__proto__`.
  const common = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true }).filter((value) => !Number.isInteger(value) || !Number.isSafeInteger(value)),
      fc.integer(),
      fc.maxSafeInteger(),
      text,
      fc.string({ minLength: 250, maxLength: 300 }),
      fc.uint8Array(),
      fc.array(tie("node"), { maxLength: 20 }),
      fc.dictionary(
        text.filter((name) => name !== "__proto__"),
        tie("node"),
        { maxKeys: 20 },
      ),
    ),
  })).node;

  it("is read as another library writes it", () => {
    fc.assert(
      fc.property(common, (value) => {
        const type = create(flyteidl2.LiteralTypeSchema);
        expect(back(binaryOf(encode(value)), type, "auto")).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it("is written as another library reads it, in as many bytes", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          text.filter((name) => name !== "__proto__"),
          common,
        ),
        (value) => {
          const bytes = contentOf(there({ type: simple("STRUCT"), value: value as FlyteOutput }, "auto"));
          expect(decode(bytes)).toEqual(value);
          expect(bytes.length).toBe(encode(value).length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ["nothing", [], "it is cut off"],
    ["two values", [1, 2], "1 bytes are left over"],
    ["the byte that is never used", [0xc1], "it has the byte 0xc1"],
    ["an extension type", [0xd4, 1, 0], "it has an extension type, which Flyte never writes"],
    ["bad UTF-8", [0xa2, 0xc3, 0x28], "it has text that is not UTF-8"],
    ["an overlong text", [0xdb, 0xff, 0xff, 0xff, 0xff], "it is cut off"],
    ["a list of four billion", [0xdd, 0xff, 0xff, 0xff, 0xff, 1], "it is cut off"],
    ["a map of four billion", [0xdf, 0xff, 0xff, 0xff, 0xff, 1], "it is cut off"],
    ["deep nesting", Array<number>(100_000).fill(0x91), "it is nested deeper than 200 levels"],
  ])("with %s is refused", (_name, bytes, problem) => {
    expect(() => back(binaryOf(Uint8Array.from(bytes)), simple("STRUCT"), "auto")).toThrow(
      `output "a": the msgpack value cannot be read: ${problem}`,
    );
  });
});

describe("hostile bytes", () => {
  const types = [
    create(flyteidl2.LiteralTypeSchema),
    simple("INTEGER"),
    simple("STRUCT"),
    listOf(unionOf(simple("INTEGER"), simple("STRING"))),
    mapOf(blobOf("SINGLE")),
  ];
  const expectRefusal = (read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      if (!isAgentError(error)) throw error;
      expect(["invalid_input", "invalid_task", "malformed_message"]).toContain(error.code);
    }
  };

  it("as inputs or template are read or refused, never more", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...types), (bytes, type) => {
        expectRefusal(
          () => readTask({ template: encodeTemplate({ a: type }), inputs: bytes }, { integers: "auto" }).literals,
        );
        expectRefusal(() => readTask({ template: bytes, inputs: new Uint8Array() }, { integers: "auto" }));
      }),
      { numRuns: 2000 },
    );
  });

  it("made from good ones are read or refused, never more", () => {
    fc.assert(
      fc.property(samples, fc.nat(), fc.nat(255), fc.boolean(), (sample, at, byte, cut) => {
        const bytes = there(sample, "bigint");
        const position = at % bytes.length;
        const broken = cut ? bytes.slice(0, position) : bytes.with(position, byte);
        expectRefusal(() =>
          readTask({ template: encodeTemplate({ a: sample.type }), inputs: broken }, { integers: "auto" }),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("cannot keep a server busy with a union of thousands", () => {
    const type = unionOf(...Array.from({ length: 2000 }, () => listOf(simple("INTEGER"))));
    const value = [...Array<FlyteOutput>(15_000).fill(1), "x"];
    const packed = { case: "binary" as const, value: { value: encode(value), tag: "msgpack" } };
    const literal = { value: { case: "scalar" as const, value: { value: packed } } };
    const inputs = toBinary(
      flyteidl2.InputsSchema,
      create(flyteidl2.InputsSchema, { literals: [{ name: "a", value: literal }] }),
    );
    const problem = "its union has too many variants to try them all on a value of this size";
    expect(() => readTask({ template: encodeTemplate({ a: type }), inputs }, { integers: "auto" })).toThrow(problem);
    expect(() => writeOutputs({ a: value }, new Map([["a", type]]))).toThrow(problem);
  });
});
