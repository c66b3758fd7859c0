import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import type { Literal } from "@flyte-agent/sdk";
import { readOutputs, readTask, writeOutputs } from "@flyte-agent/sdk/host";
import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { binary, encodeLiterals, encodeTemplate, primitive, scalar, taskWith } from "./encoded-task.ts";
import { blobOf, enumOf, listOf, mapOf, schemaType, simple, structOf, tableOf, unionOf } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

const integer = simple("INTEGER");
const garbage = Uint8Array.of(0xff, 0xff, 0xff);
const options = { integers: "auto" } as const;

describe("the neutral view of a task", () => {
  it("is the same for a template of either generation", () => {
    const common = {
      type: "spark",
      taskTypeVersion: 2,
      id: { project: "p", domain: "d", name: "n", version: "v" },
      custom: { size: 3600, nested: { list: [1, null, "x", true] } },
      config: { key: "value", ["__proto__"]: "odd" },
      securityContext: { secrets: [{ group: "g", key: "k" }] },
      metadata: {
        timeout: { seconds: 90n, nanos: 500_000_000 },
        retries: { retries: 3 },
        runtime: { version: "1.16.31" },
      },
      target: {
        case: "container" as const,
        value: { image: "i", command: ["c"], args: ["a"], env: [{ key: "K", value: "V" }] },
      },
    };
    const one = create(flyteidl1.TaskTemplateSchema, common);
    one.interface = create(flyteidl1.TypedInterfaceSchema, {
      inputs: { variables: { a: { type: { type: { case: "simple", value: flyteidl1.SimpleType.INTEGER } } } } },
      outputs: { variables: { b: { type: { type: { case: "simple", value: flyteidl1.SimpleType.STRING } } } } },
    });
    const two = create(flyteidl2.TaskTemplateSchema, common);
    two.interface = create(flyteidl2.TypedInterfaceSchema, {
      inputs: { variables: [{ key: "a", value: { type: integer } }] },
      outputs: { variables: [{ key: "b", value: { type: simple("STRING") } }] },
    });
    const first = toBinary(flyteidl1.TaskTemplateSchema, one);
    const second = toBinary(flyteidl2.TaskTemplateSchema, two);
    for (const template of [first, second]) {
      const task = readTask({ template, inputs: new Uint8Array() }, options);
      expect(task).toMatchObject({
        type: "spark",
        typeVersion: 2,
        id: common.id,
        sql: undefined,
        pod: undefined,
        container: { image: "i", command: ["c"], args: ["a"], env: { K: "V" } },
        secretRequests: [{ group: "g", key: "k" }],
        timeoutMs: 90_500,
        retries: 3,
        sdkVersion: "1.16.31",
      });
      expect(JSON.stringify(task.custom)).toBe(JSON.stringify(common.custom));
      expect(Object.entries(task.config)).toEqual([
        ["key", "value"],
        ["__proto__", "odd"],
      ]);
      expect([...task.inputTypes.keys(), ...task.outputTypes.keys()]).toEqual(["a", "b"]);
      expect(Object.keys(task.inputs)).toEqual([]);
    }
  });

  it("has the statement of SQL and the spec of a pod", () => {
    const sql = encodeTemplate({}, { target: { case: "sql", value: { statement: "SELECT 1" } } });
    expect(readTask({ template: sql, inputs: new Uint8Array() }, options).sql).toEqual({ statement: "SELECT 1" });
    const pod = encodeTemplate(
      {},
      {
        target: {
          case: "k8sPod",
          value: { podSpec: { containers: [] }, primaryContainerName: "main", metadata: { labels: { a: "b" } } },
        },
      },
    );
    expect(readTask({ template: pod, inputs: new Uint8Array() }, options).pod).toMatchObject({
      podSpec: { containers: [] },
      primaryContainerName: "main",
      labels: { a: "b" },
      annotations: {},
    });
  });

  it("has empty values where Flyte sent nothing", () => {
    const task = readTask({ template: new Uint8Array(), inputs: new Uint8Array() }, options);
    expect(task).toMatchObject({ type: "", retries: 0, sdkVersion: "", timeoutMs: undefined, secretRequests: [] });
    expect(Object.keys(task.custom)).toEqual([]);
  });

  it("keeps odd keys of custom apart from the prototype", () => {
    const custom = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}');
    const { custom: read } = readTask({ template: encodeTemplate({}, { custom }), inputs: new Uint8Array() }, options);
    expect(JSON.stringify(read)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
    expect("polluted" in read).toBe(false);
    expect("polluted" in {}).toBe(false);
  });

  it("keeps fields that are not known", () => {
    const extra = new BinaryWriter()
      .uint32((19 << 3) | 2)
      .bytes(Uint8Array.of(8, 1))
      .finish();
    const template = new Uint8Array([...encodeTemplate({}), ...extra]);
    expect(
      toBinary(flyteidl2.TaskTemplateSchema, readTask({ template, inputs: new Uint8Array() }, options).template),
    ).toEqual(template);
  });

  it("says which message is broken", () => {
    const template = encodeTemplate({ a: integer });
    expect(thrown(() => readTask({ template: garbage, inputs: new Uint8Array() }, options))).toMatch(
      /^malformed_message: template is not a valid protobuf message/,
    );
    expect(thrown(() => readTask({ template, inputs: garbage }, options))).toMatch(
      /^malformed_message: inputs is not a valid protobuf message/,
    );
  });

  it("refuses a custom that nests too deep", () => {
    let custom = {};
    for (let level = 0; level < 150; level++) custom = { a: [custom] };
    expect(
      thrown(() => readTask({ template: encodeTemplate({}, { custom }), inputs: new Uint8Array() }, options)),
    ).toBe("invalid_task: custom: nested deeper than 200 levels");
  });
});

describe("the inputs of a task", () => {
  it("come in the order of their declaration, without prototype", () => {
    const template = encodeTemplate({ b: integer, a: integer, ["__proto__"]: integer, missing: integer });
    const one = primitive({ case: "integer", value: 1n });
    const inputs = encodeLiterals({ a: one, ["__proto__"]: one, b: one });
    const task = readTask({ template: template, inputs }, options);
    expect(Object.keys(task.inputs)).toEqual(["b", "a", "__proto__"]);
    expect(Object.getPrototypeOf(task.inputs)).toBe(null);
  });

  it("are numbers where they are safe, and bigint beyond, or always", () => {
    const large = 2n ** 53n + 1n;
    const inputs = {
      small: [integer, primitive({ case: "integer", value: -5n })],
      large: [integer, primitive({ case: "integer", value: large })],
      least: [integer, primitive({ case: "integer", value: -(2n ** 63n) })],
    } as const;
    expect(taskWith(inputs).inputs).toEqual({ small: -5, large, least: -(2n ** 63n) });
    expect(taskWith(inputs, "bigint").inputs).toEqual({ small: -5n, large, least: -(2n ** 63n) });
  });

  it("have no INTEGER -0, which JavaScript tells from 0", () => {
    const minusZero = Uint8Array.of(0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0);
    const { inputs } = taskWith({
      sent: [integer, primitive({ case: "floatValue", value: -0 })],
      packed: [integer, binary(minusZero)],
    });
    expect(inputs).toEqual({ sent: 0, packed: 0 });
  });

  it("convert numbers to the declared kind", () => {
    const task = taskWith({
      whole: [integer, primitive({ case: "floatValue", value: 3 })],
      float: [simple("FLOAT"), primitive({ case: "integer", value: 3n })],
    });
    expect(task.inputs).toEqual({ whole: 3, float: 3 });
    expect(thrown(() => taskWith({ a: [integer, primitive({ case: "floatValue", value: 1.5 })] }))).toBe(
      'invalid_input: input "a": expected INTEGER, got a FLOAT with a fraction',
    );
    expect(thrown(() => taskWith({ a: [integer, primitive({ case: "floatValue", value: 2 ** 63 })] }))).toBe(
      'invalid_input: input "a": expected INTEGER, got a FLOAT beyond 64 bits',
    );
    expect(thrown(() => taskWith({ a: [integer, binary(encode(1e300))] }))).toBe(
      'invalid_input: input "a": expected INTEGER, got a float in msgpack',
    );
    expect(taskWith({ a: [integer, primitive({ case: "floatValue", value: -(2 ** 63) })] }).inputs.a).toBe(
      -(2n ** 63n),
    );
  });

  it("have every kind of value", () => {
    const blob = { uri: "s3://b/f", metadata: { type: { format: "csv", dimensionality: 1 } } };
    const { inputs } = taskWith({
      moment: [simple("DATETIME"), primitive({ case: "datetime", value: { seconds: -1n, nanos: 1 } })],
      length: [simple("DURATION"), primitive({ case: "duration", value: { seconds: -1n, nanos: -500_000_000 } })],
      none: [simple("NONE"), scalar({ case: "noneType", value: {} })],
      error: [simple("ERROR"), scalar({ case: "error", value: { failedNodeId: "n0", message: "boom" } })],
      color: [enumOf("red"), primitive({ case: "stringValue", value: "red" })],
      list: [listOf(integer), { value: { case: "collection", value: {} } }],
      map: [
        mapOf(integer),
        { value: { case: "map", value: { literals: { a: primitive({ case: "integer", value: 1n }) } } } },
      ],
      folder: [blobOf("MULTIPART"), { ...scalar({ case: "blob", value: blob }), hash: "h", metadata: { a: "b" } }],
      table: [
        tableOf(),
        scalar({
          case: "structuredDataset",
          value: { uri: "bq://t", metadata: { structuredDatasetType: { format: "x" } } },
        }),
      ],
      schema: [schemaType, scalar({ case: "schema", value: { uri: "s3://b/s" } })],
      opaque: [simple("BINARY"), binary(Uint8Array.of(0x80, 5), "")],
      struct: [simple("STRUCT"), scalar({ case: "generic", value: { a: 1, ["__proto__"]: [null, "x", false] } })],
      dict: [simple("STRUCT"), binary(encode({ a: 1, b: [1.5, null] }))],
    });
    expect(JSON.parse(JSON.stringify(inputs))).toEqual({
      moment: "1969-12-31T23:59:59.000000001Z",
      length: "-1.5s",
      none: null,
      error: { kind: "error", failedNodeId: "n0", message: "boom" },
      color: "red",
      list: [],
      map: { a: 1 },
      folder: {
        kind: "blob",
        uri: "s3://b/f",
        format: "csv",
        dimensionality: "multipart",
        hash: "h",
        metadata: { a: "b" },
      },
      table: { kind: "structured_dataset", uri: "bq://t", format: "x" },
      schema: { kind: "schema", uri: "s3://b/s" },
      opaque: { opaque: true, bytes: "gAU=" },
      struct: JSON.parse('{"a": 1, "__proto__": [null, "x", false]}'),
      dict: { a: 1, b: [1.5, null] },
    });
  });

  it("are converted out of msgpack by their declared type", () => {
    const { inputs } = taskWith({
      integer: [integer, binary(encode(3))],
      float: [simple("FLOAT"), binary(encode(3))],
      text: [simple("STRING"), binary(encode("x"))],
      flag: [simple("BOOLEAN"), binary(encode(true))],
      none: [simple("NONE"), binary(encode(null))],
      moment: [simple("DATETIME"), binary(encode("2026-01-02T03:04:05+01:00"))],
      naive: [simple("DATETIME"), binary(encode("2026-01-02T03:04:05.5"))],
      seconds: [simple("DURATION"), binary(encode(1.5))],
      iso: [simple("DURATION"), binary(encode("-P1DT2H3M4.5S"))],
      years: [simple("DURATION"), binary(encode("P1Y1M1W1DT0.5S"))],
      list: [listOf(mapOf(integer)), binary(encode([{ a: 1 }]))],
      file: [blobOf("SINGLE"), binary(encode({ path: "s3://b/f" }))],
      folder: [blobOf("MULTIPART"), binary(encode({ path: "s3://b/d", hash: "h" }))],
      table: [tableOf(), binary(encode({ uri: "s3://b/t", file_format: "parquet" }))],
      color: [enumOf("red"), binary(encode("red"))],
      optional: [unionOf(integer, simple("NONE")), binary(encode(null))],
    });
    expect(JSON.parse(JSON.stringify(inputs))).toEqual({
      integer: 3,
      float: 3,
      text: "x",
      flag: true,
      none: null,
      moment: "2026-01-02T02:04:05Z",
      naive: "2026-01-02T03:04:05.5Z",
      seconds: "1.5s",
      iso: "-93784.5s",
      years: "34819200.5s",
      list: [{ a: 1 }],
      file: { kind: "blob", uri: "s3://b/f", format: "", dimensionality: "single" },
      folder: { kind: "blob", uri: "s3://b/d", format: "", dimensionality: "multipart", hash: "h" },
      table: { kind: "structured_dataset", uri: "s3://b/t", format: "parquet" },
      color: "red",
      optional: null,
    });
    expect(thrown(() => taskWith({ a: [listOf(mapOf(integer)), binary(encode([{}, { b: "secret" }]))] }))).toBe(
      'invalid_input: input "a"[1].b: expected INTEGER, got a string in msgpack',
    );
  });

  it("restore the integers of a Struct from the schema", () => {
    const type = structOf({ properties: { count: { type: "integer" }, total: { type: "number" } } });
    const generic = scalar({ case: "generic", value: { count: 3, total: 3 } });
    expect(taskWith({ a: [type, generic] }, "bigint").inputs.a).toEqual({ count: 3n, total: 3 });
    expect(taskWith({ a: [type, generic] }).inputs.a).toEqual({ count: 3, total: 3 });
  });

  it("make arrays of the tuples of Flyte 2", () => {
    const type = structOf({
      title: "TupleWrapper_ab",
      properties: { item_0: { type: "integer" }, item_1: { type: "string" } },
    });
    expect(taskWith({ a: [type, binary(encode({ item_0: 1, item_1: "x" }))] }).inputs.a).toEqual([1, "x"]);
  });

  it("make arrays of tuples in a dict with keys that are numbers, too", () => {
    const pair = { title: "TupleWrapper_ab", properties: { item_0: { type: "integer" }, item_1: {} } };
    const type = structOf({ title: "D", type: "object", additionalProperties: pair });
    const packed = encode({ item_0: 1, item_1: "x" });
    expect(taskWith({ a: [type, binary(Uint8Array.of(0x81, 7, ...packed))] }).inputs.a).toEqual(
      new Map([[7, [1, "x"]]]),
    );
  });

  it("are the inner value of a union, with or without the union around it", () => {
    const type = unionOf(simple("INTEGER", "int"), simple("STRING", "str"), simple("NONE", "none"));
    const one = primitive({ case: "integer", value: 1n });
    const union = scalar({ case: "union", value: { value: one, type: simple("INTEGER", "int") } });
    const { inputs } = taskWith({
      tagged: [type, union],
      untyped: [type, scalar({ case: "union", value: { value: one } })],
      bare: [type, one],
      surprising: [integer, union],
      list: [listOf(type), { value: { case: "collection", value: { literals: [union, union, one] } } }],
    });
    expect(inputs).toEqual({ tagged: 1, untyped: 1, bare: 1, surprising: 1, list: [1, 1, 1] });
    expect(thrown(() => taskWith({ a: [type, primitive({ case: "boolean", value: true })] }))).toBe(
      'invalid_input: input "a": expected INTEGER | STRING | NONE, got BOOLEAN',
    );
    expect(thrown(() => taskWith({ a: [type, scalar({ case: "union", value: {} })] }))).toBe(
      'invalid_input: input "a": the union has no value',
    );
  });

  it("speak for themselves where the declared type is of a newer Flyte", () => {
    const type = create(flyteidl2.LiteralTypeSchema);
    expect(taskWith({ a: [type, primitive({ case: "stringValue", value: "x" })] }).inputs.a).toBe("x");
  });

  it.each([
    [
      "a literal of another kind",
      integer,
      primitive({ case: "stringValue", value: "secret" }),
      "expected INTEGER, got STRING",
    ],
    [
      "a list for a map",
      mapOf(integer),
      { value: { case: "collection", value: {} } },
      "expected map of INTEGER, got list",
    ],
    [
      "a file for a string",
      simple("STRING"),
      scalar({ case: "blob", value: { uri: "s3://b" } }),
      "expected STRING, got blob",
    ],
    ["no value", integer, {}, "the literal has no value"],
    ["no scalar", integer, scalar(undefined), "the literal has no value"],
    ["no primitive", integer, primitive(undefined), "the literal has no value"],
    [
      "msgpack that is cut off",
      simple("STRUCT"),
      binary(Uint8Array.of(0x92, 1)),
      "the msgpack value cannot be read: it is cut off",
    ],
    [
      "a timestamp that no calendar has",
      simple("DATETIME"),
      primitive({ case: "datetime", value: { seconds: 2n ** 60n } }),
      "a DATETIME outside the years 1 to 9999",
    ],
    [
      "a duration that no clock has",
      simple("DURATION"),
      primitive({ case: "duration", value: { seconds: 2n ** 60n } }),
      "a DURATION longer than 10,000 years",
    ],
  ] as const)("refuse %s", (_name, type, literal, problem) => {
    expect(thrown(() => taskWith({ a: [type, literal] }))).toBe(`invalid_input: input "a": ${problem}`);
  });

  it("have bytes of their own, also where Node hands over a Buffer", () => {
    const inputs = Buffer.from(
      encodeLiterals({ a: binary(Uint8Array.of(0x80), ""), b: binary(encode([Uint8Array.of(1)])) }),
    );
    const template = encodeTemplate({ a: simple("BINARY"), b: simple("STRUCT") });
    const read = readTask({ template, inputs }, options).inputs;
    inputs.fill(0);
    expect(read).toEqual({ a: { opaque: true, bytes: Uint8Array.of(0x80) }, b: [Uint8Array.of(1)] });
  });

  it("refuse an offloaded literal with the remedy", () => {
    const offloaded = { value: { case: "offloadedMetadata", value: { uri: "s3://b/large", sizeBytes: 5n } } } as const;
    expect(
      thrown(() =>
        taskWith({ a: [listOf(integer), { value: { case: "collection", value: { literals: [offloaded] } } }] }),
      ),
    ).toMatch(/^invalid_input: input "a"\[0\]: it was offloaded because of its size: put the literal in its place/);
  });

  it("name what is not declared and what comes twice", () => {
    const one = primitive({ case: "integer", value: 1n });
    const template = encodeTemplate({ a: integer, b: integer });
    expect(thrown(() => readTask({ template, inputs: encodeLiterals({ c: one }) }, options))).toBe(
      'invalid_input: input "c": the task does not declare it, it declares "a", "b"',
    );
    expect(thrown(() => readTask({ template: encodeTemplate({}), inputs: encodeLiterals({ c: one }) }, options))).toBe(
      'invalid_input: input "c": the task does not declare it, it declares none',
    );
    const twice = new Uint8Array([...encodeLiterals({ a: one }), ...encodeLiterals({ a: one })]);
    expect(thrown(() => readTask({ template, inputs: twice }, options))).toBe(
      'invalid_input: input "a": it was sent twice',
    );
  });

  it("refuse nesting that would exhaust the stack", () => {
    const inputs = nested(100_000);
    const type = create(flyteidl2.LiteralTypeSchema);
    expect(thrown(() => readTask({ template: encodeTemplate({ a: type }), inputs }, options))).toBe(
      'invalid_input: input "a": nested deeper than 200 levels',
    );
  });

  it("are there as Flyte sent them, with the fields that are not known", () => {
    const extra = new BinaryWriter()
      .uint32((9 << 3) | 2)
      .bytes(Uint8Array.of(18, 1, 0x31))
      .finish();
    const known = toBinary(
      flyteidl2.LiteralSchema,
      create(flyteidl2.LiteralSchema, primitive({ case: "integer", value: 1n })),
    );
    const literal = fromBinary(flyteidl2.LiteralSchema, new Uint8Array([...known, ...extra]));
    const task = taskWith({ a: [integer, literal] });
    const echoed = task.literals.get("a");
    if (echoed === undefined) throw new Error("the literal is missing");
    expect(writeOutputs({ a: echoed }, task.inputTypes)).toEqual(encodeLiterals({ a: literal }));
    expect(task.literals).toBe(task.literals);
  });

  it("are not what a user's keys make of an input", () => {
    const members = {
      $typeName: "flyteidl2.core.Literal",
      value: { case: "offloadedMetadata", value: { uri: "s3://x" } },
    };
    const struct = simple("STRUCT");
    for (const literal of [scalar({ case: "generic", value: members }), binary(encode(members))]) {
      const { a } = taskWith({ a: [struct, literal] }).inputs;
      const declared = new Map([["a", struct]]);
      expect(readOutputs(writeOutputs({ a: a ?? null }, declared), declared).a).toEqual(members);
    }
    const texts = { $typeName: primitive({ case: "stringValue", value: "flyteidl.core.Literal" }) };
    const map = mapOf(simple("STRING"));
    const { a } = taskWith({ a: [map, { value: { case: "map", value: { literals: texts } } }] }).inputs;
    const declared = new Map([["a", map]]);
    expect(readOutputs(writeOutputs({ a: a ?? null }, declared), declared).a).toEqual(a);
  });

  it("are refused with their path where they are broken", () => {
    const broken = { $typeName: "flyteidl2.core.Literal" } as Literal;
    expect(() => writeOutputs({ a: broken }, new Map([["a", integer]]))).toThrow(
      'output "a": it has the mark of a flyteidl2.core.Literal ($typeName), but cannot be written as one',
    );
  });
});

/** Encoded inputs with one input "a", a list in a list in a list. */
function nested(depth: number): Uint8Array {
  // Lengths from the inside out; each level is a collection (field 2) with one literal (field 1).
  const lengths: number[] = [0];
  const varintSize = (value: number): number => (value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4);
  for (let level = 0; level < depth; level++) {
    const inner = lengths[level] ?? 0;
    const collection = 1 + varintSize(inner) + inner;
    lengths.push(1 + varintSize(collection) + collection);
  }
  const writer = new BinaryWriter();
  const outer = lengths[depth] ?? 0;
  writer.uint32(10).uint32(3 + 1 + varintSize(outer) + outer);
  writer.uint32(10).string("a").uint32(18).uint32(outer);
  for (let level = depth - 1; level >= 0; level--) {
    const inner = lengths[level] ?? 0;
    writer
      .uint32(18)
      .uint32(1 + varintSize(inner) + inner)
      .uint32(10)
      .uint32(inner);
  }
  return writer.finish();
}
