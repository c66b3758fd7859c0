import { create, fromBinary } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import {
  directory,
  duration,
  type FlyteOutput,
  file,
  float,
  instant,
  int,
  type Literal,
  type LiteralType,
  schema,
  structuredDataset,
  variant,
  withHash,
} from "@flyte-agent/sdk";
import { readOutputs, writeInputs, writeOutputs } from "@flyte-agent/sdk/host";
import { decode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { primitive } from "./encoded-task.ts";
import { blobOf, enumOf, listOf, mapOf, schemaType, simple, structOf, tableOf, unionOf } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

const integer = simple("INTEGER");
const anything = simple("STRUCT");

/** The duration of another copy of the SDK, which allows more. */
class OtherDuration {
  readonly nanoseconds = 2n ** 70n;
  readonly seconds = 2 ** 70 / 1e9;
}

/** Writes one output called "a" and decodes it with protobuf-es. */
function literalOf(value: FlyteOutput, type?: LiteralType): Literal {
  const bytes = writeOutputs({ a: value }, type === undefined ? undefined : new Map([["a", type]]));
  const [entry] = fromBinary(flyteidl2.OutputsSchema, bytes).literals;
  if (entry?.value === undefined) throw new Error("nothing was written");
  return entry.value;
}

function scalarOf(value: FlyteOutput, type?: LiteralType): unknown {
  const { value: content } = literalOf(value, type);
  return content.case === "scalar" ? content.value.value : content;
}

function primitiveOf(value: FlyteOutput, type?: LiteralType): unknown {
  const scalar = literalOf(value, type).value;
  if (scalar.case !== "scalar" || scalar.value.value.case !== "primitive") throw new Error("no primitive");
  return scalar.value.value.value.value.value;
}

function msgpackOf(value: FlyteOutput, type?: LiteralType): unknown {
  const scalar = literalOf(value, type).value;
  if (scalar.case !== "scalar" || scalar.value.value.case !== "binary") throw new Error("no binary");
  expect(scalar.value.value.value.tag).toBe("msgpack");
  return decode(scalar.value.value.value.value, { useBigInt64: true });
}

function refused(value: unknown, type?: LiteralType): string {
  // What a plugin in plain JavaScript may give.
  return thrown(() => literalOf(value as FlyteOutput, type));
}

describe("the outputs of a task", () => {
  it("are written in the order of their declaration", () => {
    const declared = new Map([
      ["b", integer],
      ["a", simple("STRING")],
    ]);
    const bytes = writeOutputs({ a: "x", b: 1 }, declared);
    expect(fromBinary(flyteidl2.OutputsSchema, bytes).literals.map(({ name }) => name)).toEqual(["b", "a"]);
    expect(fromBinary(flyteidl1.LiteralMapSchema, bytes).literals.b?.value.case).toBe("scalar");
    expect(writeOutputs({}, new Map())).toEqual(new Uint8Array());
  });

  it("must be exactly those that are declared", () => {
    const declared = new Map([["a", integer]]);
    expect(thrown(() => writeOutputs({}, declared))).toBe(
      'invalid_output: output "a": missing, the task declares it as INTEGER',
    );
    expect(thrown(() => writeOutputs({ a: 1, b: 2 }, declared))).toBe(
      'invalid_output: output "b": the task does not declare it, it declares "a"',
    );
    expect(thrown(() => writeOutputs({ b: 2 }, new Map()))).toBe(
      'invalid_output: output "b": the task does not declare it, it declares none',
    );
  });

  it("say where a value is wrong, and cut it", () => {
    const rows = listOf(mapOf(simple("FLOAT")));
    const values = [{ total: 1 }, {}, {}, { total: "n/a" }];
    expect(thrown(() => writeOutputs({ rows: values }, new Map([["rows", rows]])))).toBe(
      'invalid_output: output "rows"[3].total: expected FLOAT, got string "n/a"',
    );
    expect(refused("x".repeat(100), integer)).toBe(
      `invalid_output: output "a": expected INTEGER, got string "${"x".repeat(31)}…"`,
    );
    expect(refused({ "odd key": "x" }, mapOf(integer))).toBe(
      'invalid_output: output "a"["odd key"]: expected INTEGER, got string "x"',
    );
  });

  it("pass a literal on as it is", () => {
    const literal = create(flyteidl2.LiteralSchema, { hash: "h", metadata: { a: "b" } });
    literal.$unknown = [{ no: 9, wireType: 2, data: Uint8Array.of(1, 0) }];
    expect(literalOf(literal, integer)).toEqual(literal);
    const [first] = Object.values(
      fromBinary(
        flyteidl1.LiteralMapSchema,
        // A literal of the other generation, as a plugin that imports the messages itself may have.
        writeOutputs({ a: create(flyteidl1.LiteralSchema, { hash: "h" }) as unknown as FlyteOutput }, undefined),
      ).literals,
    );
    expect(first?.hash).toBe("h");
  });
});

describe("a value by its declared type", () => {
  it.each([
    ["INTEGER", 5, 5n],
    ["INTEGER", -0, 0n],
    ["INTEGER", -(2n ** 63n), -(2n ** 63n)],
    ["INTEGER", int(7n), 7n],
    ["INTEGER", float(7), 7n],
    ["FLOAT", 5, 5],
    ["FLOAT", -0, -0],
    ["FLOAT", Number.NaN, Number.NaN],
    ["FLOAT", 2n ** 60n, 2 ** 60],
    ["FLOAT", int(1), 1],
    ["STRING", "ä😀", "ä😀"],
    ["BOOLEAN", false, false],
  ] as const)("%s takes %s", (name, value, expected) => {
    expect(primitiveOf(value, simple(name))).toBe(expected);
  });

  it.each([
    ["INTEGER", 1.5, "expected INTEGER, got number 1.5"],
    ["INTEGER", 2 ** 53, "expected INTEGER, got number 9007199254740992, beyond 2^53: give a bigint"],
    ["INTEGER", 2n ** 63n, "expected INTEGER, got bigint 9223372036854775808, which is beyond 64 bits"],
    ["INTEGER", true, "expected INTEGER, got boolean true"],
    ["INTEGER", undefined, "expected INTEGER, got undefined (null means NONE)"],
    ["INTEGER", null, "expected INTEGER, got null"],
    ["INTEGER", [1], "expected INTEGER, got a list of 1"],
    ["INTEGER", {}, "expected INTEGER, got an object"],
    ["INTEGER", new URL("http://x"), "expected INTEGER, got a URL"],
    ["INTEGER", () => 1, "expected INTEGER, got a function"],
    ["FLOAT", 2n ** 60n + 1n, "expected FLOAT, got bigint 1152921504606846977, which a float cannot hold exactly"],
    ["FLOAT", "1", 'expected FLOAT, got string "1"'],
    ["STRING", 1, "expected STRING, got number 1"],
    ["STRING", "\ud800", "the text has a lone surrogate, which UTF-8 cannot hold: toWellFormed() replaces it"],
    ["BOOLEAN", 0, "expected BOOLEAN, got number 0"],
    ["NONE", undefined, "expected NONE, got undefined (null means NONE)"],
    ["NONE", 0, "expected NONE, got number 0"],
    ["DATETIME", "tomorrow", 'expected DATETIME, got string "tomorrow": write it as in 2026-11-24T08:00:00Z'],
    [
      "DATETIME",
      "2026-01-01T00:00:00",
      'expected DATETIME, got string "2026-01-01T00:00:00": add the offset from UTC as in 2026-11-24T08:00:00Z',
    ],
    ["DATETIME", new Date(Number.NaN), "expected DATETIME, got an invalid Date"],
    ["DATETIME", 5, "expected DATETIME, got number 5: say the unit, new Date(milliseconds)"],
    ["DATETIME", 5n, "expected DATETIME, got bigint 5"],
    ["DATETIME", { epochNanoseconds: 2n ** 70n }, "a DATETIME outside the years 1 to 9999"],
    ["DURATION", 90, "expected DURATION, got number 90: say the unit, duration({ seconds: 90 })"],
    ["DURATION", new OtherDuration(), "a DURATION longer than 10,000 years"],
    [
      "DURATION",
      { seconds: 90, nanoseconds: 0n },
      "expected DURATION, got an object: give duration({ seconds: 90 }), or a Temporal.Duration without years, months and weeks",
    ],
    ["ERROR", "boom", 'expected ERROR, got string "boom"'],
    ["ERROR", new Error("boom"), "expected ERROR, got an Error"],
    [
      "BINARY",
      new Uint8Array(1),
      "expected an opaque value, got a Uint8Array: a pickle can only be handed on as it came in an input",
    ],
    ["STRUCT", 1, "expected STRUCT, got number 1"],
    ["STRUCT", [1], "expected STRUCT, got a list of 1"],
    ["STRUCT", variant("int", 1), "variant() is for unions, the declared type is STRUCT"],
  ] as const)("%s refuses %s", (name, value, problem) => {
    expect(refused(value, simple(name))).toBe(`invalid_output: output "a": ${problem}`);
  });

  it("DATETIME takes timestamps of every kind", () => {
    const moment = { case: "primitive", value: { value: { value: { seconds: -1n, nanos: 500_000_000 } } } };
    for (const value of [
      instant(-500_000_000n),
      new Date(-500),
      "1969-12-31T23:59:59.5Z",
      "1970-01-01T00:59:59.500+01:00",
      { epochNanoseconds: -500_000_000n },
    ]) {
      expect(scalarOf(value, simple("DATETIME"))).toMatchObject(moment);
    }
  });

  it("DURATION takes durations of every kind", () => {
    const temporal = {
      days: 0,
      hours: 0,
      seconds: -1,
      milliseconds: -500,
      nanoseconds: 0,
      [Symbol.toStringTag]: "Temporal.Duration",
    };
    for (const value of [duration(-1_500_000_000n), duration({ seconds: -1.5 }), temporal as FlyteOutput]) {
      expect(primitiveOf(value, simple("DURATION"))).toMatchObject({ seconds: -1n, nanos: -500_000_000 });
    }
    const hint = "give duration({ seconds: 90 }), or a Temporal.Duration without years, months and weeks";
    expect(refused({ ...temporal, months: 1 }, simple("DURATION"))).toContain(hint);
    expect(refused("90s", simple("DURATION"))).toContain(hint);
  });

  it("enum takes a listed text only", () => {
    expect(primitiveOf("red", enumOf("red", "blue"))).toBe("red");
    expect(refused("green", enumOf("red", "blue"))).toBe(
      'invalid_output: output "a": expected one of "red", "blue", got string "green"',
    );
  });

  it("list takes arrays and typed arrays", () => {
    const items = (value: FlyteOutput): unknown => {
      const { value: content } = literalOf(value, listOf(integer));
      return content.case === "collection" ? content.value.literals.length : undefined;
    };
    expect(items([])).toBe(0);
    expect(items([1, 2n])).toBe(2);
    expect(items(Int32Array.of(1, 2))).toBe(2);
    expect(items(BigInt64Array.of(1n))).toBe(1);
    expect(refused([1, undefined], listOf(integer))).toContain('output "a"[1]: expected INTEGER, got undefined');
    // biome-ignore lint/suspicious/noSparseArray: a plugin may make one by accident
    expect(refused([1, , 2], listOf(integer))).toContain('output "a"[1]: expected INTEGER, got undefined');
    expect(refused("ab", listOf(integer))).toContain('expected list of INTEGER, got string "ab"');
  });

  it("map takes objects and Maps with text as keys", () => {
    const keys = (value: FlyteOutput): unknown => {
      const { value: content } = literalOf(value, mapOf(integer));
      return content.case === "map" ? Object.keys(content.value.literals) : undefined;
    };
    expect(keys({ b: 1, ["__proto__"]: 2 })).toEqual(["b", "__proto__"]);
    expect(keys(new Map([["x", 1]]))).toEqual(["x"]);
    expect(refused(new Map([[1, 1]]), mapOf(integer))).toBe(
      'invalid_output: output "a"["1"]: a key must be a string, got number 1',
    );
    expect(refused([1], mapOf(integer))).toContain("expected map of INTEGER, got a list of 1");
    expect(refused(new Date(0), mapOf(integer))).toContain("expected map of INTEGER, got a Date");
  });

  it("files and tables take the builders' values and their plain form", () => {
    const csv = blobOf("SINGLE", "csv");
    expect(scalarOf(file("s3://b/f"), csv)).toMatchObject({
      value: { uri: "s3://b/f", metadata: { type: { format: "csv", dimensionality: 0 } } },
    });
    expect(scalarOf(directory("s3://b/d", { format: "x" }), blobOf("MULTIPART"))).toMatchObject({
      value: { uri: "s3://b/d", metadata: { type: { format: "x", dimensionality: 1 } } },
    });
    expect(scalarOf({ kind: "blob", uri: "s3://b/f", dimensionality: "single" }, csv)).toMatchObject({
      value: { uri: "s3://b/f" },
    });
    expect(scalarOf(structuredDataset("bq://t"), tableOf("parquet"))).toMatchObject({
      value: { uri: "bq://t", metadata: { structuredDatasetType: { format: "" } } },
    });
    expect(scalarOf(schema("s3://b/s"), schemaType)).toMatchObject({
      value: { uri: "s3://b/s", type: { columns: [] } },
    });
    expect(literalOf(file("s3://b/f", { hash: "h", metadata: { k: "v" } }), csv)).toMatchObject({
      hash: "h",
      metadata: { k: "v" },
    });
    expect(refused("s3://b/f", csv)).toBe(
      'invalid_output: output "a": expected file, got string "s3://b/f": give file("s3://…")',
    );
    expect(refused(file("s3://b"), blobOf("MULTIPART"))).toContain(
      'expected directory, got a file: give directory("s3://…")',
    );
    expect(refused(file("s3://b"), tableOf())).toContain(
      'expected structured dataset, got a file: give structuredDataset("s3://…")',
    );
    expect(refused({ kind: "blob" }, csv)).toContain("expected file, got an object");
  });

  it("errors go back as they came", () => {
    const error = { kind: "error", failedNodeId: "n0", message: "boom" } as const;
    expect(scalarOf(error, simple("ERROR"))).toMatchObject({
      case: "error",
      value: { failedNodeId: "n0", message: "boom" },
    });
    expect(scalarOf({ failedNodeId: "n0", message: "boom" }, simple("ERROR"))).toMatchObject({ case: "error" });
  });

  it("withHash adds a cache key", () => {
    expect(literalOf(withHash([1], "h"), listOf(integer))).toMatchObject({ hash: "h", value: { case: "collection" } });
  });
});

describe("a structure", () => {
  const type = structOf({
    title: "Order",
    type: "object",
    $defs: {
      Line: {
        type: "object",
        properties: { price: { type: "number" }, next: { anyOf: [{ $ref: "#/$defs/Line" }, { type: "null" }] } },
      },
    },
    properties: {
      count: { type: "integer" },
      total: { type: "number" },
      lines: { type: "array", items: { $ref: "#/$defs/Line" } },
      rates: { type: "object", additionalProperties: { type: "number" } },
      pair: { type: "array", prefixItems: [{ type: "integer" }, { type: "number" }] },
      took: { type: "string", format: "duration" },
      day: { type: "string", format: "date" },
    },
  });

  it("is msgpack, with numbers as the schema says", () => {
    const bytes = writeOutputs(
      {
        a: { count: 1, total: 1, lines: [{ price: 2, next: { price: 3, next: null } }], rates: { x: 1 }, pair: [1, 1] },
      },
      new Map([["a", type]]),
    );
    const text = Buffer.from(bytes).toString("hex");
    const half = (value: number): string => {
      const buffer = Buffer.alloc(9);
      buffer[0] = 0xcb;
      buffer.writeDoubleBE(value, 1);
      return buffer.toString("hex");
    };
    const hex = (name: string): string => Buffer.from(name).toString("hex");
    expect(text).toContain(`${hex("count")}01`);
    expect(text).toContain(`${hex("total")}${half(1)}`);
    expect(text).toContain(`${hex("price")}${half(3)}`);
    expect(text).toContain(`${hex("x")}${half(1)}`);
    expect(text).toContain(`${hex("pair")}9201${half(1)}`);
  });

  it("has timestamps and durations as Python writes them", () => {
    const moment = instant("2026-01-02T03:04:05.000001999Z");
    expect(
      msgpackOf(
        {
          when: moment,
          day: instant("2026-01-02T00:00:00Z"),
          took: duration({ seconds: -1.5 }),
          lasts: duration({ seconds: 2 }),
        },
        type,
      ),
    ).toEqual({
      when: "2026-01-02T03:04:05.000001+00:00",
      day: "2026-01-02",
      took: "-PT1.5S",
      lasts: 2,
    });
  });

  it("keeps everything that msgpack can hold, and leaves out what is undefined", () => {
    const value = {
      a: null,
      b: true,
      c: "ä",
      d: 2n ** 64n - 1n,
      e: Uint8Array.of(1),
      f: [1.5],
      g: undefined,
      ["__proto__"]: 1,
    };
    const scalar = literalOf(value, anything);
    const read = readOutputs(writeOutputs({ a: scalar }, undefined), new Map([["a", anything]])).a;
    expect(Object.entries(read as object)).toEqual([
      ["a", null],
      ["b", true],
      ["c", "ä"],
      ["d", 2n ** 64n - 1n],
      ["e", Uint8Array.of(1)],
      ["f", [1.5]],
      ["__proto__", 1],
    ]);
    const map = new Map<number | string, FlyteOutput>([
      [1, "x"],
      ["b", file("s3://b/f", { metadata: { k: "v" } })],
    ]);
    expect(readOutputs(writeOutputs({ a: map }, undefined), new Map([["a", anything]])).a).toEqual(
      new Map<unknown, unknown>([
        [1, "x"],
        ["b", { path: "s3://b/f", metadata: { k: "v" } }],
      ]),
    );
    expect(msgpackOf({ t: structuredDataset("s3://t", { format: "csv" }) }, anything)).toEqual({
      t: { uri: "s3://t", file_format: "csv" },
    });
  });

  it("is a tuple of Flyte 2 if the schema says so", () => {
    const tuple = structOf({
      title: "TupleWrapper_x",
      properties: { item_0: { type: "integer" }, item_1: { type: "number" } },
    });
    expect(msgpackOf([1, 2], tuple)).toEqual({ item_0: 1, item_1: 2 });
    expect(refused([1], tuple)).toBe('invalid_output: output "a": expected a tuple of 2, got a list of 1');
  });

  it("is a Struct for protobuf messages, without what JSON cannot hold", () => {
    const message = structOf({ pb_type: "a.B" });
    expect(scalarOf({ a: 1, b: [null, "x", true], c: { d: 1.5 } }, message)).toMatchObject({
      case: "generic",
      value: { a: 1, b: [null, "x", true], c: { d: 1.5 } },
    });
    expect(refused({ a: Number.NaN }, message)).toBe(
      'invalid_output: output "a".a: NaN cannot stand in a Struct, which is JSON',
    );
    expect(refused({ a: 2n ** 60n }, message)).toContain(
      'output "a".a: bigint 1152921504606846976 cannot stand in a Struct, which has no integers beyond 2^53',
    );
    expect(refused(new Map([[1, 1]]), message)).toContain("a key must be a string, got number 1");
  });

  it.each([
    [{ count: 1.5 }, ".count: expected an integer, got number 1.5"],
    [
      { total: 2n ** 60n + 1n },
      ".total: expected FLOAT, got bigint 1152921504606846977, which a float cannot hold exactly",
    ],
    [
      { lines: [{ name: "\udfff" }] },
      ".lines[0].name: the text has a lone surrogate, which UTF-8 cannot hold: toWellFormed() replaces it",
    ],
    [{ lines: [{ price: "n/a" }] }, '.lines[0].price: expected FLOAT, got string "n/a"'],
    [{ count: [1] }, ".count: expected INTEGER, got a list of 1"],
    [{ count: new Date(0) }, ".count: expected INTEGER, got a Date"],
    [{ count: duration({ seconds: 1 }) }, ".count: expected INTEGER, got a duration"],
    [{ total: instant(0n) }, ".total: expected FLOAT, got a timestamp"],
    [{ total: Uint8Array.of(1) }, ".total: expected FLOAT, got a Uint8Array"],
    [{ total: file("s3://b/f") }, ".total: expected FLOAT, got a file"],
    [{ other: 2n ** 64n }, ".other: an integer beyond 64 bits"],
    [{ other: () => 1 }, ".other: expected a value that a structure can hold, got a function"],
    [{ other: [undefined] }, ".other[0]: expected a value that a structure can hold, got undefined (null means NONE)"],
    [{ other: new Map([[[], 1]]) }, '.other["a list of 0"]: a key must be a string, got a list of 0'],
  ])("refuses %s", (value, problem) => {
    expect(refused(value, type)).toBe(`invalid_output: output "a"${problem}`);
  });

  it("refuses a message of Flyte, whose members are no data", () => {
    const literal = create(flyteidl2.LiteralSchema, primitive({ case: "integer", value: 1n }));
    expect(refused({ x: literal }, anything)).toBe(
      'invalid_output: output "a".x: a flyteidl2.core.Literal cannot stand inside a structure: give the value that is in task.inputs',
    );
    expect(refused(simple("INTEGER"), anything)).toContain("a flyteidl2.core.LiteralType cannot stand inside");
    // A key of a user.
    expect(msgpackOf(JSON.parse('{"$typeName": "x"}'), anything)).toEqual({ $typeName: "x" });
  });

  it.each([
    [[1, "1"], { propertyNames: { type: "integer" } }],
    [[1, 1n], {}],
    [[float(1), 1], {}],
    [[true, 1], {}],
    [[2n ** 60n, 2 ** 60], {}],
    [[Uint8Array.of(1), Uint8Array.of(1)], {}],
  ])("refuses the keys %s, of which Python could keep only one", (keys, schema) => {
    const value = new Map(keys.map((key) => [key, "x"]));
    expect(refused({ a: value }, structOf({ properties: { a: { type: "object", ...schema } } }))).toMatch(
      /^invalid_output: output "a"\.a\[?.+: another key of the map is the same to Python$/,
    );
  });

  it("keeps keys that only look alike", () => {
    const value = new Map<unknown, unknown>([
      [2, "a"],
      ["2", "b"],
      ["true", "c"],
      [true, "d"],
      [1.5, "g"],
      [null, "e"],
      ["1", "f"],
    ]);
    const bytes = writeOutputs({ a: value as FlyteOutput }, new Map([["a", anything]]));
    expect(readOutputs(bytes, new Map([["a", anything]])).a).toEqual(value);
  });

  it("refuses what contains itself", () => {
    const value: Record<string, unknown> = {};
    value.self = value;
    expect(refused(value, anything)).toBe('invalid_output: output "a": nested deeper than 200 levels');
    const list: unknown[] = [];
    list.push(list);
    expect(refused(list)).toBe('invalid_output: output "a": nested deeper than 200 levels');
  });
});

describe("a choice that is made of the wrong thing", () => {
  const number = unionOf(simple("INTEGER", "int"), simple("FLOAT", "float"));
  const wrong = "1" as never;

  it.each([
    [withHash(1, 5 as never), integer, ": withHash() takes text, got number 5"],
    [variant(5 as never, 1), number, ": variant() takes the name of a variant, got number 5"],
    [
      variant(undefined as never, 1),
      number,
      ": variant() takes the name of a variant, got undefined (null means NONE)",
    ],
    [
      [variant(5 as never, 1)],
      listOf(listOf(integer)),
      "[0]: variant() is for unions, the declared type is list of INTEGER",
    ],
    [int(wrong), integer, ': expected INTEGER, got int("1")'],
    [float(wrong), simple("FLOAT"), ': expected FLOAT, got float("1")'],
    [float({} as never), number, ": expected FLOAT, got float(an object)"],
    [{ x: float(wrong) }, anything, '.x: expected a number, got float("1")'],
    [{ x: int(true as never) }, anything, ".x: expected a number, got int(boolean true)"],
    [{ x: int(1.5) }, anything, ".x: expected an integer, got number 1.5"],
    [{ x: int(1.5) }, structOf({ pb_type: "a.B" }), ".x: expected an integer, got number 1.5"],
    [new Map([[float(wrong), 1]]), anything, '["float(\\"1\\")"]: expected a number, got float("1")'],
  ])("%j is refused with its path", (value, type, problem) => {
    expect(refused(value, type)).toBe(`invalid_output: output "a"${problem}`);
  });
});

describe("a union", () => {
  const number = unionOf(simple("INTEGER", "int"), simple("FLOAT", "float"), simple("NONE", "none"));

  it.each([
    [1, "int"],
    [1.5, "float"],
    [null, "none"],
    [float(1), "float"],
    [int(1), "int"],
    [2n, "int"],
    [variant("float", 1), "float"],
  ])("of numbers takes %s as %s, with the declared variant's type", (value, tag) => {
    expect(scalarOf(value, number)).toMatchObject({ case: "union", value: { type: { structure: { tag } } } });
  });

  it("takes text before an enum, an enum if nothing else fits", () => {
    const text = unionOf(enumOf("red"), simple("STRING", "str"));
    expect(scalarOf("red", text)).toMatchObject({ value: { type: { structure: { tag: "str" } } } });
    const color = unionOf(enumOf("red"), integer);
    expect(scalarOf("red", color)).toMatchObject({ value: { type: { structure: { tag: "DefaultEnumTransformer" } } } });
  });

  it("takes the structure whose keys match", () => {
    const left = structOf({ properties: { a: { type: "integer" } }, required: ["a"] }, "left");
    const right = structOf({ properties: { b: { type: "integer" } }, required: ["b"] }, "right");
    expect(scalarOf({ b: 1 }, unionOf(left, right))).toMatchObject({
      value: { type: { structure: { tag: "right" } } },
    });
  });

  it("names both where two fit", () => {
    const lists = unionOf(listOf(integer, "ints"), listOf(simple("STRING"), "texts"));
    expect(refused([], lists)).toBe(
      'invalid_output: output "a": a list of 0 fits ints and texts: choose with variant("ints", value)',
    );
    expect(scalarOf(["x"], lists)).toMatchObject({ value: { type: { structure: { tag: "texts" } } } });
    expect(scalarOf(variant("texts", []), lists)).toMatchObject({ value: { type: { structure: { tag: "texts" } } } });
  });

  it("says what it takes where nothing fits", () => {
    expect(refused("x", number)).toBe('invalid_output: output "a": expected INTEGER | FLOAT | NONE, got string "x"');
    expect(refused(variant("str", "x"), number)).toBe(
      'invalid_output: output "a": the union has no variant "str", it has "int", "float", "none"',
    );
    const optional = unionOf(listOf(integer), simple("NONE"));
    expect(refused([1, "x"], optional)).toBe('invalid_output: output "a"[1]: expected INTEGER, got string "x"');
  });

  it("of pickles is written bare", () => {
    const pickles = unionOf(
      Object.assign(blobOf("SINGLE", "PythonPickle"), {
        structure: create(flyteidl2.TypeStructureSchema, { tag: "FlytePickle" }),
      }),
      simple("BINARY", "FlytePickle"),
    );
    const [opaque] = Object.values(
      readOutputs(
        writeOutputs(
          {
            a: create(flyteidl2.LiteralSchema, {
              value: { case: "scalar", value: { value: { case: "binary", value: { value: Uint8Array.of(1) } } } },
            }),
          },
          undefined,
        ),
        new Map([["a", pickles]]),
      ),
    );
    expect(scalarOf(opaque ?? null, pickles)).toMatchObject({ case: "binary", value: { tag: "" } });
  });
});

describe("a value without a declared type", () => {
  it.each([
    ["x", "stringValue"],
    [true, "boolean"],
    [1, "integer"],
    [1n, "integer"],
    [1.5, "floatValue"],
    [2 ** 53, "floatValue"],
    [-0, "floatValue"],
    [int(1), "integer"],
    [float(1), "floatValue"],
    [new Date(0), "datetime"],
    [instant(0n), "datetime"],
    [duration(0n), "duration"],
  ])("%s is a %s", (value, kind) => {
    expect(scalarOf(value)).toMatchObject({ case: "primitive", value: { value: { case: kind } } });
  });

  it("has numbers as floats if integers are bigint", () => {
    const written = writeOutputs({ a: 1, b: { c: 1 } }, undefined, { integers: "bigint" });
    const [first, second] = fromBinary(flyteidl2.OutputsSchema, written).literals;
    expect(first?.value?.value).toMatchObject({ value: { value: { value: { value: { case: "floatValue" } } } } });
    const read = readOutputs(
      written,
      new Map([
        ["a", simple("FLOAT")],
        ["b", anything],
      ]),
      { integers: "bigint" },
    );
    expect(second?.name).toBe("b");
    expect(read.b).toEqual({ c: 1 });
  });

  it("is a collection, msgpack, a file or nothing by its look", () => {
    expect(literalOf([1, ["x"]]).value.case).toBe("collection");
    expect(msgpackOf({ kind: "blob", uri: "x" })).toEqual({ kind: "blob", uri: "x" });
    expect(scalarOf(file("s3://b/f"))).toMatchObject({ case: "blob" });
    expect(scalarOf(null)).toMatchObject({ case: "noneType" });
    expect(refused(undefined)).toBe('invalid_output: output "a": no Flyte type holds undefined (null means NONE)');
    expect(refused(new Uint8Array(1))).toBe(
      'invalid_output: output "a": no Flyte type holds a Uint8Array: bytes fit only into a structure',
    );
    class Job {}
    expect(refused(new Job())).toBe('invalid_output: output "a": no Flyte type holds an instance of a class');
  });
});

describe("inputs and outputs of a client", () => {
  it("are written and read by the same types", () => {
    const declared = new Map([
      ["x", integer],
      ["y", integer],
    ]);
    const bytes = writeInputs({ x: 1 }, declared);
    expect(readOutputs(bytes, declared)).toEqual({ x: 1 });
    expect(thrown(() => writeInputs({ x: "1" }, declared))).toBe(
      'invalid_input: input "x": expected INTEGER, got string "1"',
    );
    expect(thrown(() => writeInputs({ z: 1 }, declared))).toBe(
      'invalid_input: input "z": the task does not declare it, it declares "x", "y"',
    );
  });

  it("are refused where they are no message, or not of their type", () => {
    const bytes = writeOutputs({ a: "x" }, undefined);
    expect(thrown(() => readOutputs(bytes, new Map([["a", integer]])))).toBe(
      'invalid_output: output "a": expected INTEGER, got STRING',
    );
    expect(thrown(() => readOutputs(Uint8Array.of(0xff), new Map()))).toMatch(
      /^malformed_message: outputs is not a valid protobuf message/,
    );
  });
});
