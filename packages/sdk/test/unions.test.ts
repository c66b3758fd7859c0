import { create, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import { type FlyteOutput, float, instant, type LiteralType, variant, withHash } from "@flyte-agent/sdk";
import { readOutputs, writeOutputs } from "@flyte-agent/sdk/host";
import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { binary, encodeLiterals, primitive, scalar } from "./encoded-task.ts";
import { blobOf, enumOf, listOf, mapOf, simple, structOf, unionOf } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

type Integers = "auto" | "bigint";

function dataclass(
  title: string,
  properties: Record<string, unknown>,
  required = Object.keys(properties),
): LiteralType {
  return structOf({ title, type: "object", properties, required }, "Object-Dataclass-Transformer");
}

const integer = { type: "integer" };
const number = { type: "number" };
const text = { type: "string" };

/** The type that stands in the union that is written. */
function chosen(value: unknown, union: LiteralType, integers: Integers = "auto"): LiteralType | undefined {
  // What a plugin in plain JavaScript may give.
  const bytes = writeOutputs({ a: value as FlyteOutput }, new Map([["a", union]]), { integers });
  const content = fromBinary(flyteidl2.OutputsSchema, bytes).literals[0]?.value?.value;
  if (content?.case !== "scalar" || content.value.value.case !== "union") throw new Error("no union");
  return content.value.value.value.type;
}

function refused(value: unknown, union: LiteralType): string {
  return thrown(() => chosen(value, union));
}

function read(literal: MessageInitShape<typeof flyteidl2.LiteralSchema>, type: LiteralType): unknown {
  return readOutputs(encodeLiterals({ a: literal }), new Map([["a", type]])).a;
}

describe("a value for a union of structures", () => {
  const cat = dataclass("Cat", { name: text, lives: integer });
  const dog = dataclass("Dog", { name: text, weight: number });
  const bird = dataclass("Bird", { name: text, weight: text });

  it.each([
    ["keys", { name: "a", lives: 9 }, unionOf(dog, cat, bird), cat],
    ["values of the same keys", { name: "a", weight: "heavy" }, unionOf(dog, bird), bird],
    ["numbers of the same keys", { name: "a", weight: 1.5 }, unionOf(bird, dog), dog],
    [
      "integers before floats",
      { x: 1 },
      unionOf(dataclass("A", { x: number }), dataclass("B", { x: integer })),
      dataclass("B", { x: integer }),
    ],
    [
      "nested lists",
      { x: [["a"]] },
      unionOf(
        dataclass("A", { x: { type: "array", items: { type: "array", items: integer } } }),
        dataclass("B", { x: { type: "array", items: { type: "array", items: text } } }),
      ),
      dataclass("B", { x: { type: "array", items: { type: "array", items: text } } }),
    ],
    [
      "a constant",
      { kind: "dog" },
      unionOf(dataclass("A", { kind: { const: "cat" } }), dataclass("B", { kind: { const: "dog" } })),
      dataclass("B", { kind: { const: "dog" } }),
    ],
    [
      "timestamps and durations",
      { x: instant(0n) },
      unionOf(dataclass("A", { x: text }), dataclass("B", { x: { type: "string", format: "date-time" } })),
      dataclass("B", { x: { type: "string", format: "date-time" } }),
    ],
    [
      "bytes",
      { x: new Uint8Array(1) },
      unionOf(dataclass("A", { x: text }), dataclass("B", { x: { type: "string", format: "base64" } })),
      dataclass("B", { x: { type: "string", format: "base64" } }),
    ],
    ["a schema before none", { name: "a", weight: 1 }, unionOf(simple("STRUCT", "Typed Dict"), dog), dog],
    ["none where keys differ", { other: 1 }, unionOf(dog, simple("STRUCT", "d")), simple("STRUCT", "d")],
    [
      "members of a map",
      { a: 1 },
      unionOf(mapOf(simple("STRING"), "m"), dog, mapOf(simple("INTEGER"), "m")),
      undefined,
    ],
  ])("is told by %s", (_name, value, union, expected) => {
    const type = chosen(value, union);
    if (expected !== undefined) expect(type).toEqual(expected);
    else expect(type?.type).toMatchObject({ case: "mapValueType" });
    expect(chosen([value][0], union, "bigint")).toBeDefined();
  });

  it("is told by dataclass_type where there is no schema, as far as that can be believed", () => {
    const typed = (fields: Record<string, LiteralType>, tag: string): LiteralType =>
      create(flyteidl2.LiteralTypeSchema, {
        type: { case: "simple", value: flyteidl2.SimpleType.STRUCT },
        structure: { tag, dataclassType: fields },
      });
    const numbers = typed({ x: simple("INTEGER"), y: listOf(simple("FLOAT")) }, "numbers");
    const texts = typed({ x: simple("STRING"), y: listOf(simple("STRING")) }, "texts");
    const union = unionOf(numbers, texts);
    expect(chosen({ x: "a", y: ["b"] }, union)?.structure?.tag).toBe("texts");
    expect(chosen({ x: 1, y: [] }, union)?.structure?.tag).toBe("numbers");
    // Sets, bytes and Any are said to be pickles, and are not.
    const lying = typed({ x: blobOf("SINGLE", "PythonPickle") }, "lying");
    expect(chosen({ x: [1, 2] }, unionOf(lying, texts))?.structure?.tag).toBe("lying");
  });

  it("that has no key of a structure is not taken for it", () => {
    const left = dataclass("Left", { x: integer });
    const right = dataclass("Right", { y: integer });
    expect(refused({ x: "n/a" }, unionOf(left, right))).toBe(
      'invalid_output: output "a": expected STRUCT | STRUCT, got an object',
    );
    expect(refused({}, unionOf(left, right))).toContain("expected STRUCT | STRUCT, got an object");
    expect(chosen({ x: 1, z: 2 }, unionOf(left, right))).toEqual(left);
  });

  it("that fits two is refused with both names, and variant() takes them", () => {
    const left = dataclass("Left", { x: integer });
    const right = dataclass("Right", { x: integer });
    expect(refused({ x: 1 }, unionOf(left, right))).toBe(
      'invalid_output: output "a": an object fits Left and Right: choose with variant("Left", value)',
    );
    expect(chosen(variant("Right", { x: 1 }), unionOf(left, right))).toEqual(right);
    // A tag that several have leaves the choice among these.
    const other = dataclass("Other", { y: integer });
    expect(chosen(variant("Object-Dataclass-Transformer", { y: 1 }), unionOf(left, other))).toEqual(other);
    expect(refused(variant("Object-Dataclass-Transformer", { x: 1 }), unionOf(left, right))).toContain(
      "fits Left and Right",
    );
    expect(refused(variant("Middle", { x: 1 }), unionOf(left, right))).toBe(
      'invalid_output: output "a": the union has no variant "Middle", it has "Left", "Right"',
    );
  });
});

describe("a timestamp for a union of date and datetime", () => {
  const day = simple("DATETIME", "date");
  const either = unionOf(day, simple("DATETIME", "datetime"));
  const midnight = 1_767_312_000n * 1_000_000_000n;

  it("is no date if it has a time of day", () => {
    expect(chosen(instant(midnight + 1n), either)?.structure?.tag).toBe("datetime");
    expect(chosen(instant(-1n), either)?.structure?.tag).toBe("datetime");
  });

  it("may be both at midnight", () => {
    expect(refused(instant(midnight), either)).toContain('fits date and datetime: choose with variant("date", value)');
    expect(chosen(instant(-86_400_000_000_000n), unionOf(day, simple("INTEGER")))?.structure?.tag).toBe("date");
  });
});

describe("a value for a union of lists", () => {
  const lists = unionOf(listOf(simple("INTEGER"), "Typed List"), listOf(simple("STRING"), "Typed List"));

  it("that is empty is named by the type", () => {
    expect(refused([], lists)).toBe(
      'invalid_output: output "a": a list of 0 fits list of INTEGER and list of STRING: ' +
        'choose with variant("list of INTEGER", value)',
    );
    expect(chosen(variant("list of STRING", []), lists)?.type).toMatchObject({
      value: { type: { value: flyteidl2.SimpleType.STRING } },
    });
  });

  it("may hold choices for unions inside", () => {
    const inner = unionOf(simple("INTEGER", "int"), simple("FLOAT", "float"));
    const union = unionOf(listOf(inner, "numbers"), listOf(simple("STRING"), "texts"));
    expect(chosen([variant("float", 1), 2], union)?.structure?.tag).toBe("numbers");
    expect(chosen([float(1), withHash(variant("int", 2), "h")], union)?.structure?.tag).toBe("numbers");
    expect(refused([variant("str", 1)], union)).toContain("expected list of (INTEGER | FLOAT) | list of STRING");
  });
});

it("text goes to str before an enum and before a timestamp, wherever these are declared", () => {
  const when = "2026-01-01T00:00:00Z";
  const all = unionOf(simple("DATETIME", "datetime"), enumOf("red", when), simple("STRING", "str"));
  expect(chosen("red", all)?.structure?.tag).toBe("str");
  expect(chosen(when, all)?.structure?.tag).toBe("str");
  const some = unionOf(simple("DATETIME", "datetime"), enumOf("red", when));
  expect(chosen("red", some)?.structure?.tag).toBe("DefaultEnumTransformer");
  expect(chosen(when, some)?.structure?.tag).toBe("DefaultEnumTransformer");
  expect(chosen("2026-01-02T00:00:00Z", some)?.structure?.tag).toBe("datetime");
});

it("a timestamp is no date unless it is midnight", () => {
  const either = unionOf(simple("DATETIME", "date"), simple("DATETIME", "datetime"));
  expect(chosen(instant("2026-01-01T00:00:00.000000001Z"), either)?.structure?.tag).toBe("datetime");
  expect(refused(instant("2026-01-01T00:00:00Z"), either)).toBe(
    'invalid_output: output "a": a timestamp fits date and datetime: choose with variant("date", value)',
  );
  expect(chosen(variant("date", instant("2026-01-01T00:00:00Z")), either)?.structure?.tag).toBe("date");
});

describe("a union that is read", () => {
  it("without tag takes the variant that the value is of", () => {
    const when = unionOf(enumOf("red"), simple("DATETIME"), simple("DURATION"));
    expect(read(binary(encode("red")), when)).toBe("red");
    expect(read(binary(encode("2026-01-01T00:00:00")), when)).toEqual(instant("2026-01-01T00:00:00Z"));
    expect(String(read(binary(encode("PT1S")), when))).toBe("1s");
    expect(read(binary(encode("other")), when)).toBe("other");
    const tuple = structOf({ title: "TupleWrapper_tuple", properties: { item_0: integer, item_1: text } });
    const pair = structOf({ title: "TupleWrapper_tuple", properties: { item_0: text, item_1: text } });
    const anyOf = unionOf(dataclass("A", { x: integer }), pair, tuple);
    expect(read(binary(encode({ item_0: 1, item_1: "a" })), anyOf)).toEqual([1, "a"]);
    expect(read(binary(encode({ x: 1 })), anyOf)).toEqual({ x: 1 });
    const filed = unionOf(dataclass("A", { x: integer }), blobOf("SINGLE"));
    expect(read(binary(encode({ path: "s3://f" })), filed)).toMatchObject({ kind: "blob", uri: "s3://f" });
    expect(read(binary(encode({ x: 1 })), filed)).toEqual({ x: 1 });
  });

  it("restores the integers of a Struct by the variant that fits", () => {
    const union = unionOf(dataclass("A", { y: number }), dataclass("B", { x: integer }));
    const generic = encodeLiterals({ a: scalar({ case: "generic", value: { x: 1 } }) });
    expect(readOutputs(generic, new Map([["a", union]]), { integers: "bigint" }).a).toEqual({ x: 1n });
  });

  it("with a type that is none of the declared variants is refused", () => {
    const literal = create(flyteidl2.LiteralSchema, primitive({ case: "boolean", value: true }));
    const sent = scalar({ case: "union", value: { value: literal, type: simple("BOOLEAN", "bool") } });
    expect(thrown(() => read(sent, unionOf(simple("INTEGER"), simple("STRING"))))).toBe(
      'invalid_output: output "a": expected INTEGER | STRING, got BOOLEAN',
    );
    expect(read(sent, unionOf(simple("BOOLEAN"), simple("STRING")))).toBe(true);
  });
});
