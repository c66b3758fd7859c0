import { create, equals, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import {
  directory,
  type FlyteOutput,
  type FlyteValue,
  file,
  type LiteralType,
  schema,
  structuredDataset,
  withHash,
} from "@flyte-agent/sdk";
import { readOutputs, writeOutputs } from "@flyte-agent/sdk/host";
import { decode, encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { binary, encodeLiterals, scalar } from "./encoded-task.ts";
import { blobOf, listOf, schemaType, simple, structOf, tableOf, unionOf } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

type LiteralInit = MessageInitShape<typeof flyteidl2.LiteralSchema>;

const pickle = blobOf("SINGLE", "PythonPickle");

function read(literal: LiteralInit, type: LiteralType): FlyteValue {
  return readOutputs(encodeLiterals({ a: literal }), new Map([["a", type]])).a ?? null;
}

function write(value: unknown, type?: LiteralType): flyteidl2.Literal {
  // What a plugin in plain JavaScript may give.
  const outputs = { a: value as FlyteOutput };
  const [entry] = fromBinary(
    flyteidl2.OutputsSchema,
    writeOutputs(outputs, type === undefined ? undefined : new Map([["a", type]])),
  ).literals;
  return entry?.value ?? create(flyteidl2.LiteralSchema);
}

/** Reads a literal and writes it again from its value and type. */
function rewrite(literal: LiteralInit, type: LiteralType): flyteidl2.Literal {
  return write(read(literal, type), type);
}

function expectSame(written: flyteidl2.Literal, literal: LiteralInit): void {
  expect(equals(flyteidl2.LiteralSchema, written, create(flyteidl2.LiteralSchema, literal))).toBe(true);
}

describe("a pickle", () => {
  const bytes = { ...binary(Uint8Array.of(0x80, 5), ""), hash: "h" };
  const blob = {
    ...scalar({ case: "blob", value: { uri: "s3://b/p", metadata: { type: { format: "PythonPickle" } } } }),
    metadata: { a: "b" },
  };
  const dict = {
    ...scalar({ case: "generic", value: { pickle_file: "s3://b/d" } }),
    metadata: { format: "pickle" },
  };
  const flyte2 = unionOf(
    Object.assign(blobOf("SINGLE", "PythonPickle"), { structure: { tag: "FlytePickle" } }),
    simple("BINARY", "FlytePickle"),
  );

  it("is opaque, whether in the literal, in a file, or in the file of a dict", () => {
    expect(read(bytes, simple("BINARY"))).toEqual({ opaque: true, bytes: Uint8Array.of(0x80, 5), hash: "h" });
    expect(read(blob, pickle)).toEqual({ opaque: true, uri: "s3://b/p", metadata: { a: "b" } });
    expect(read(dict, simple("STRUCT"))).toEqual({ opaque: true, uri: "s3://b/d", metadata: { format: "pickle" } });
    expect(read(bytes, flyte2)).toMatchObject({ opaque: true, bytes: Uint8Array.of(0x80, 5) });
    expect(read(blob, flyte2)).toMatchObject({ opaque: true, uri: "s3://b/p" });
    expect(read(binary(Uint8Array.of(1), "other"), simple("BINARY"))).toEqual({
      opaque: true,
      bytes: Uint8Array.of(1),
      tag: "other",
    });
  });

  it("has bytes as base64 in JSON", () => {
    expect(JSON.stringify(read(bytes, simple("BINARY")))).toBe('{"opaque":true,"bytes":"gAU=","hash":"h"}');
  });

  it.each([
    ["bytes", bytes, simple("BINARY")],
    ["bytes with a tag", binary(Uint8Array.of(1), "other"), simple("BINARY")],
    ["no bytes", binary(new Uint8Array(), ""), simple("BINARY")],
    ["bytes of Flyte 2", bytes, flyte2],
    ["a file", blob, pickle],
    ["a file of Flyte 2", blob, flyte2],
    ["a dict", dict, simple("STRUCT")],
    ["a dict without type", dict, create(flyteidl2.LiteralTypeSchema)],
    ["a file without type", blob, create(flyteidl2.LiteralTypeSchema)],
  ] as const)("that is %s goes back as it came", (_name, literal, type) => {
    expectSame(rewrite(literal, type), literal);
  });

  it("is taken as itself only", () => {
    const hint = "a pickle can only be handed on as it came in an input";
    for (const value of [file("s3://b"), file("s3://b", { format: "PythonPickle" }), { opaque: true, uri: "s3://b" }]) {
      expect(thrown(() => write(value, pickle))).toContain(hint);
    }
    expect(thrown(() => write({ opaque: true, bytes: new Uint8Array() }, simple("BINARY")))).toContain(hint);
    expect(thrown(() => write(file("s3://b", { format: "PythonPickle" })))).toContain(hint);
    const opaque = read(blob, pickle);
    expect(thrown(() => write(opaque, blobOf("SINGLE")))).toBe(
      'invalid_output: output "a": expected file, got an opaque value: give file("s3://…")',
    );
    expect(thrown(() => write(opaque, simple("STRUCT")))).toContain("expected STRUCT, got an opaque value");
    expect(thrown(() => write({ x: opaque }, simple("STRUCT")))).toBe(
      'invalid_output: output "a".x: expected a value that a structure can hold, got an opaque value',
    );
  });
});

describe("a table", () => {
  const declared = tableOf("parquet");
  if (declared.type.case === "structuredDatasetType") {
    declared.type.value.columns = [
      create(flyteidl2.StructuredDatasetType_DatasetColumnSchema, { name: "x", literalType: simple("INTEGER") }),
    ];
    declared.type.value.externalSchemaType = "arrow";
  }
  const table = (type: MessageInitShape<typeof flyteidl2.StructuredDatasetTypeSchema>): LiteralInit =>
    scalar({ case: "structuredDataset", value: { uri: "s3://t", metadata: { structuredDatasetType: type } } });
  const columns = [{ name: "x", literalType: simple("INTEGER") }];
  const others = [
    { name: "y", literalType: listOf(simple("STRING")) },
    { name: "x", literalType: simple("INTEGER") },
  ];

  it("has columns where they are others than the declared ones", () => {
    const same = { columns, externalSchemaType: "arrow", format: "parquet" };
    expect(read(table(same), declared)).toEqual({ kind: "structured_dataset", uri: "s3://t", format: "parquet" });
    expect(read(table({ ...same, columns: others }), declared)).toMatchObject({
      columns: [{ name: "y" }, { name: "x", type: simple("INTEGER") }],
    });
    expect(read(table({ columns: [] }), declared)).toMatchObject({ columns: [], externalSchema: { type: "" } });
    expect(JSON.stringify(read(table({ columns: others }), tableOf()))).toContain('"name":"y"');
  });

  it.each([
    ["the declared columns", table({ columns, externalSchemaType: "arrow", format: "parquet" })],
    ["no columns", table({ format: "csv" })],
    ["other columns", table({ columns: others, format: "parquet" })],
    ["another schema", table({ columns, externalSchemaType: "arrow", externalSchemaBytes: Uint8Array.of(1, 2) })],
  ])("with %s keeps them", (_name, literal) => {
    expectSame(rewrite(literal, declared), literal);
    expectSame(rewrite(literal, tableOf()), literal);
    expectSame(rewrite(literal, create(flyteidl2.LiteralTypeSchema)), literal);
  });

  it("is read alike a thousand times", () => {
    const literals = Array.from({ length: 1000 }, (_, index) => table({ columns: index % 3 === 0 ? columns : others }));
    const list = {
      value: {
        case: "collection" as const,
        value: { literals: literals.map((literal) => create(flyteidl2.LiteralSchema, literal)) },
      },
    };
    expectSame(rewrite(list, listOf(declared)), list);
  });

  it("of the older kind keeps its columns, too", () => {
    const { INTEGER, DATETIME } = flyteidl2.SchemaType_SchemaColumn_SchemaColumnType;
    const older = scalar({
      case: "schema",
      value: {
        uri: "s3://s",
        type: {
          columns: [
            { name: "a", type: INTEGER },
            { name: "b", type: DATETIME },
          ],
        },
      },
    });
    expect(read(older, schemaType)).toEqual({
      kind: "schema",
      uri: "s3://s",
      columns: [
        { name: "a", type: "INTEGER" },
        { name: "b", type: "DATETIME" },
      ],
    });
    expectSame(rewrite(older, schemaType), older);
    const unknown = scalar({
      case: "schema",
      value: { uri: "s3://s", type: { columns: [{ name: "a", type: 17 as never }] } },
    });
    expect(thrown(() => read(unknown, schemaType))).toBe('invalid_output: output "a": a column of the unknown type 17');
  });

  it("is refused with its path where an author made its columns wrong", () => {
    for (const columnsOf of [5, [5], [{ name: 5 }]]) {
      expect(thrown(() => write(structuredDataset("s3://t", { columns: columnsOf as never }), tableOf()))).toContain(
        'output "a": its columns cannot be written: expected a list of { name, type }',
      );
    }
  });
});

describe("an object with the members of a file or a table", () => {
  it("is taken by its declared type", () => {
    const plain = JSON.parse(JSON.stringify(directory("s3://d", { format: "csv", hash: "h", metadata: { a: "b" } })));
    expect(write(plain, blobOf("MULTIPART"))).toEqual(
      write(directory("s3://d", { format: "csv", hash: "h", metadata: { a: "b" } }), blobOf("MULTIPART")),
    );
    expect(write({ uri: "s3://d" }, blobOf("MULTIPART"))).toEqual(write(directory("s3://d"), blobOf("MULTIPART")));
    expect(write({ uri: "s3://t" }, tableOf())).toEqual(write(structuredDataset("s3://t"), tableOf()));
    expect(write({ uri: "s3://t" }, schemaType)).toEqual(write(schema("s3://t"), schemaType));
    const optional = unionOf(blobOf("SINGLE"), simple("STRING"), simple("NONE"));
    expect(write({ uri: "s3://f" }, optional)).toEqual(write(file("s3://f"), optional));
    expect(thrown(() => write({ uri: "s3://d", kind: "schema" }, tableOf()))).toContain("expected structured dataset");
    expect(thrown(() => write(plain, blobOf("SINGLE")))).toContain("expected file, got an object");
  });

  it.each([
    [file(5 as never), "its uri must be a string, got number 5"],
    [file("s3://b", { hash: 5 as never }), "its hash must be a string, got number 5"],
    [file("s3://b", { metadata: { a: null } as never }), "its metadata must be a string, got null"],
    [file("s3://b", { metadata: null as never }), "its metadata must be an object of strings, got null"],
    [file("s3://b", { metadata: [] as never }), "its metadata must be an object of strings, got a list of 0"],
    [file("s3://b", { format: {} as never }), "its format must be a string, got an object"],
    [file("s3://\ud800"), "the text has a lone surrogate, which UTF-8 cannot hold: toWellFormed() replaces it"],
  ])("%j is refused with its path", (value, problem) => {
    expect(thrown(() => write(value, blobOf("SINGLE")))).toBe(`invalid_output: output "a": ${problem}`);
    expect(thrown(() => write({ x: [value] }, simple("STRUCT")))).toBe(`invalid_output: output "a".x[0]: ${problem}`);
  });
});

describe("a file or a table inside a structure", () => {
  const text = { type: "string" };
  const flyte1 = structOf({
    properties: {
      f: { title: "FlyteFile", type: "object", properties: { path: text, metadata: {} } },
      d: { title: "FlyteDirectory", type: "object", properties: { path: text } },
      t: { title: "StructuredDataset", type: "object", properties: { uri: text, file_format: text } },
    },
  });
  const file2 = { type: "object", properties: { path: text, name: text, format: text, hash: text } };
  const flyte2 = structOf({
    properties: {
      f: file2,
      d: file2,
      t: { title: "DataFrame", type: "object", properties: { uri: text, format: text, hash: text } },
    },
  });
  const value = {
    f: file("s3://f", { format: "csv", hash: "h", metadata: { a: "b" } }),
    d: directory("s3://d"),
    t: structuredDataset("s3://t", { format: "parquet", hash: "h" }),
  };
  const msgpackOf = (type: LiteralType): unknown => {
    const { value: content } = write(value, type);
    if (content.case !== "scalar" || content.value.value.case !== "binary") throw new Error("no msgpack");
    return decode(content.value.value.value.value);
  };

  it("is written with the keys of the generation that declares it", () => {
    expect(msgpackOf(flyte1)).toEqual({
      f: { path: "s3://f", metadata: { a: "b" } },
      d: { path: "s3://d" },
      t: { uri: "s3://t", file_format: "parquet" },
    });
    expect(msgpackOf(flyte2)).toEqual({
      f: { path: "s3://f", format: "csv", hash: "h" },
      d: { path: "s3://d" },
      t: { uri: "s3://t", format: "parquet", hash: "h" },
    });
    expect(msgpackOf(simple("STRUCT"))).toEqual({
      f: { path: "s3://f", format: "csv", hash: "h", metadata: { a: "b" } },
      d: { path: "s3://d" },
      t: { uri: "s3://t", file_format: "parquet", hash: "h" },
    });
  });

  it("is handed out as on the wire, and goes back with all its keys", () => {
    const members = { f: { path: "s3://f", name: "n", format: "csv", hash: null }, t: { uri: "s3://t", format: "x" } };
    expect(read(binary(encode(members)), flyte2)).toEqual(members);
    expectSame(rewrite(binary(encode(members)), flyte2), binary(encode(members)));
  });

  it("becomes one where FlytePropeller sends it for an input of that type", () => {
    const sent = binary(encode({ path: "s3://f", name: "n", format: "csv", hash: "h", metadata: { a: "b", c: 1 } }));
    expect(read(sent, blobOf("SINGLE"))).toEqual(file("s3://f", { format: "csv", hash: "h", metadata: { a: "b" } }));
    expect(read(binary(encode({ uri: "s3://t", format: "x" })), tableOf())).toEqual(
      structuredDataset("s3://t", { format: "x" }),
    );
    expect(read(binary(encode({ remote_path: "s3://s" })), schemaType)).toEqual(schema("s3://s"));
  });
});

it("withHash is for whole literals, wherever these stand", () => {
  const list = write([withHash(1, "h")], listOf(simple("INTEGER")));
  expect(list.value).toMatchObject({ value: { literals: [{ hash: "h" }] } });
  expect(write(withHash(file("s3://b", { hash: "old" }), "new"), blobOf("SINGLE")).hash).toBe("new");
});
