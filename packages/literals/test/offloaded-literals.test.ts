import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { countLiterals, findOffloadedLiterals, insertLiterals, isLiteral } from "@flyte-agent/literals";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

type LiteralInit = MessageInitShape<typeof flyteidl1.LiteralSchema>;

function integer(value: bigint): LiteralInit {
  return {
    value: { case: "scalar", value: { value: { case: "primitive", value: { value: { case: "integer", value } } } } },
  };
}

function list(literals: LiteralInit[]): LiteralInit {
  return { value: { case: "collection", value: { literals } } };
}

function map(literals: Record<string, LiteralInit>): LiteralInit {
  return { value: { case: "map", value: { literals } } };
}

function union(value: LiteralInit): LiteralInit {
  const type = { type: { case: "simple", value: flyteidl1.SimpleType.INTEGER } } as const;
  return { value: { case: "scalar", value: { value: { case: "union", value: { value, type } } } } };
}

function offloaded(uri: string, sizeBytes = 0n): LiteralInit {
  return { value: { case: "offloadedMetadata", value: { uri, sizeBytes } } };
}

function encoded(literals: Record<string, LiteralInit>): Uint8Array {
  return toBinary(flyteidl1.LiteralMapSchema, create(flyteidl1.LiteralMapSchema, { literals }));
}

function encodedLiteral(literal: LiteralInit): Uint8Array {
  return toBinary(flyteidl1.LiteralSchema, create(flyteidl1.LiteralSchema, literal));
}

function decoded(bytes: Uint8Array): flyteidl1.LiteralMap {
  return fromBinary(flyteidl1.LiteralMapSchema, bytes);
}

/** Literals of any shape. */
const anyLiteral: fc.Arbitrary<LiteralInit> = fc.letrec<{ literal: LiteralInit }>((tie) => ({
  literal: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(integer),
    fc.array(tie("literal"), { maxLength: 4 }).map(list),
    fc.dictionary(fc.string(), tie("literal"), { maxKeys: 4, noNullPrototype: true }).map(map),
    tie("literal").map(union),
  ),
})).literal;

const anyInputs = fc.dictionary(fc.string(), anyLiteral, { maxKeys: 4, noNullPrototype: true });

/** How many literals protobuf-es sees. */
function countOf(literal: flyteidl1.Literal): number {
  const { value } = literal;
  const inner =
    value.case === "collection"
      ? value.value.literals
      : value.case === "map"
        ? Object.values(value.value.literals)
        : value.case === "scalar" && value.value.value.case === "union" && value.value.value.value.value !== undefined
          ? [value.value.value.value.value]
          : [];
  return inner.reduce((sum, literal) => sum + countOf(literal), 1);
}

describe("countLiterals", () => {
  it("counts what a decoder sees", () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const bytes = encoded(inputs);
        const expected = Object.values(decoded(bytes).literals).reduce((sum, literal) => sum + countOf(literal), 0);
        expect(countLiterals(bytes)).toEqual({ literals: expected, offloaded: 0 });
      }),
    );
  });

  it("throws or counts, whatever the bytes, and exhausts no stack", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          expect(countLiterals(bytes).literals).toBeGreaterThanOrEqual(0);
        } catch (reason) {
          expect(reason).toBeInstanceOf(Error);
        }
      }),
    );
    let bytes: Buffer = Buffer.from([]);
    for (let depth = 0; depth < 5_000; depth++) bytes = field(0x12, field(0x0a, bytes));
    const count = countLiterals(field(0x0a, field(0x12, bytes)));
    expect(count.literals).toBeLessThan(300);
  });

  it("refuses a message that ends within a field", () => {
    const bytes = encoded({ x: list([integer(1n), integer(2n)]) });
    for (let length = 1; length < bytes.length; length++) {
      expect(() => countLiterals(bytes.subarray(0, length)), String(length)).toThrow();
    }
  });
});

describe("findOffloadedLiterals", () => {
  it("finds them wherever they are, with path, address and size", () => {
    const inputs = encoded({
      rows: offloaded("s3://bucket/rows", 20n),
      parts: list([integer(1n), offloaded("s3://bucket/1"), map({ "a b": offloaded("s3://bucket/2", 2n ** 63n) })]),
      maybe: union(offloaded("gs://bucket/3", 3n)),
    });
    expect(countLiterals(inputs)).toEqual({ literals: 8, offloaded: 4 });
    expect(findOffloadedLiterals(inputs).map(({ path, uri, sizeBytes }) => [path, uri, sizeBytes])).toEqual([
      ['input "rows"', "s3://bucket/rows", 20],
      ['input "parts"[1]', "s3://bucket/1", 0],
      ['input "parts"[2]["a b"]', "s3://bucket/2", 2 ** 63],
      ['input "maybe"', "gs://bucket/3", 3],
    ]);
  });

  it("reads each key once, however much else stands beside it", () => {
    const unknown = Buffer.alloc(1_000_000, Buffer.from([0x18, 0x00]));
    const literals = list(Array.from({ length: 1_000 }, () => offloaded("s3://b/k")));
    const literal = field(0x12, Buffer.from(encodedLiteral(literals)));
    const inputs = field(0x0a, Buffer.concat([unknown, literal, field(0x0a, Buffer.from("a"))]));
    const startMs = performance.now();
    const found = findOffloadedLiterals(inputs);
    expect(performance.now() - startMs).toBeLessThan(500);
    expect([found.length, found[999]?.path]).toEqual([1_000, 'input "a"[999]']);
  });
});

describe("insertLiterals", () => {
  it("gives what there was before some of it was offloaded", () => {
    fc.assert(
      fc.property(anyInputs, fc.infiniteStream(fc.boolean()), (inputs, choices) => {
        const files: Uint8Array[] = [];
        const offload = (literal: LiteralInit): LiteralInit => {
          if (choices.next().value) {
            files.push(encodedLiteral(literal));
            return offloaded(String(files.length - 1));
          }
          const { value } = literal as flyteidl1.Literal;
          if (value.case === "collection") return list(value.value.literals.map(offload));
          if (value.case === "map") return map(mapped(value.value.literals, offload));
          return literal;
        };
        const bytes = encoded(mapped(inputs, offload));
        const found = findOffloadedLiterals(bytes);
        expect(found).toHaveLength(files.length);
        const loaded = found.map(({ uri }) => files[Number(uri)] ?? new Uint8Array());
        expect(decoded(insertLiterals(bytes, found, loaded))).toEqual(decoded(encoded(inputs)));
      }),
    );
  });

  it("makes the lengths around them longer and shorter, also by bytes of their own", () => {
    const text = (length: number): LiteralInit => ({
      value: {
        case: "scalar",
        value: { value: { case: "primitive", value: { value: { case: "stringValue", value: "x".repeat(length) } } } },
      },
    });
    for (const length of [0, 100, 127, 128, 16_383, 16_384, 3_000_000]) {
      const inputs = encoded({ x: list([map({ y: union(offloaded("s3://b/k")) }), offloaded("u".repeat(20_000))]) });
      const found = findOffloadedLiterals(inputs);
      const result = insertLiterals(inputs, found, [encodedLiteral(text(length)), encodedLiteral(integer(1n))]);
      expect(decoded(result)).toEqual(decoded(encoded({ x: list([map({ y: union(text(length)) }), integer(1n)]) })));
    }
  });

  it("keeps hash, metadata and unknown fields of both", () => {
    const outside = create(flyteidl1.LiteralSchema, {
      ...offloaded("s3://b/k"),
      hash: "h",
      metadata: { outside: "1" },
    });
    outside.$unknown = [{ no: 20, wireType: 0, data: Uint8Array.of(7) }];
    const inputs = encoded({ x: outside });
    const loaded = encodedLiteral({ ...integer(1n), metadata: { inside: "2" } });
    const { x } = decoded(insertLiterals(inputs, findOffloadedLiterals(inputs), [loaded])).literals;
    expect(x).toMatchObject({
      value: { case: "scalar" },
      hash: "h",
      metadata: { outside: "1", inside: "2" },
      $unknown: [{ no: 20 }],
    });
  });
});

describe("isLiteral", () => {
  it.each([
    ["a literal", encodedLiteral(integer(1n)), true],
    ["an empty list", encodedLiteral(list([])), true],
    ["nothing", new Uint8Array(), false],
    ["a literal without a value", encodedLiteral({ hash: "h" }), false],
    ["a cut literal", encodedLiteral(list([integer(1n)])).subarray(0, 5), false],
    ["a string", new TextEncoder().encode("<Error><Code>NoSuchKey</Code></Error>"), false],
  ])("knows %s", (_, bytes, expected) => {
    expect(isLiteral(bytes)).toBe(expected);
  });
});

function mapped(
  literals: Readonly<Record<string, LiteralInit>>,
  change: (literal: LiteralInit) => LiteralInit,
): Record<string, LiteralInit> {
  return Object.fromEntries(Object.entries(literals).map(([key, literal]) => [key, change(literal)]));
}

/** A length-delimited field as it stands on the wire. */
function field(tag: number, content: Buffer): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([tag, ...length, rest]), content]);
}
