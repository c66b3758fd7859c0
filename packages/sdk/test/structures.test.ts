import { fromBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import { duration, type FlyteOutput, float, int, type LiteralType, variant, withHash } from "@flyte-agent/sdk";
import { readOutputs, writeOutputs } from "@flyte-agent/sdk/host";
import { describe, expect, it } from "vitest";
import { binary, encodeLiterals } from "./encoded-task.ts";
import { simple, structOf } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

type Integers = "auto" | "bigint";

const untyped = simple("STRUCT");

/** The msgpack bytes of a value as hex. */
function packed(value: unknown, type: LiteralType, integers: Integers = "auto"): string {
  const bytes = writeOutputs({ a: value as FlyteOutput }, new Map([["a", type]]), { integers });
  const scalar = fromBinary(flyteidl2.OutputsSchema, bytes).literals[0]?.value?.value;
  if (scalar?.case !== "scalar" || scalar.value.value.case !== "binary") throw new Error("no msgpack");
  return Buffer.from(scalar.value.value.value.value).toString("hex");
}

/** Reads msgpack and writes it again. */
function rewritten(hex: string, type: LiteralType, integers: Integers): string {
  const inputs = encodeLiterals({ a: binary(Buffer.from(hex, "hex")) });
  const { a } = readOutputs(inputs, new Map([["a", type]]), { integers });
  return packed(a, type, integers);
}

function refused(value: unknown, type: LiteralType): string {
  return thrown(() => packed(value, type));
}

describe("the keys of a dict", () => {
  const byInteger = structOf({
    properties: {
      m: { type: "object", additionalProperties: { type: "number" }, propertyNames: { type: "integer" } },
      f: { type: "object", additionalProperties: {}, propertyNames: { type: "number" } },
    },
  });
  const one = "cb3ff0000000000000";

  it("are numbers where the schema says so, from an object and from a Map", () => {
    for (const integers of ["auto", "bigint"] as const) {
      expect(packed({ m: { 1: 1 } }, byInteger, integers)).toBe(`81a16d8101${one}`);
      expect(packed({ m: { "-2": 1 } }, byInteger, integers)).toBe(`81a16d81fe${one}`);
      expect(packed({ m: new Map([[1, 1]]) }, byInteger, integers)).toBe(`81a16d8101${one}`);
      expect(packed({ m: new Map([[1n, 1]]) }, byInteger, integers)).toBe(`81a16d8101${one}`);
      expect(packed({ m: new Map([[int(1), 1]]) }, byInteger, integers)).toBe(`81a16d8101${one}`);
      expect(packed({ f: { 1: null } }, byInteger, integers)).toBe(`81a16681${one}c0`);
      expect(packed({ f: new Map([[1, null]]) }, byInteger, integers)).toBe(`81a16681${one}c0`);
    }
    expect(packed({ m: { "9223372036854775807": 1 } }, byInteger)).toBe(`81a16d81cf7fffffffffffffff${one}`);
  });

  it("that are no such number are refused", () => {
    expect(refused({ m: { x: 1 } }, byInteger)).toBe(
      'invalid_output: output "a".m.x: a key must be an integer, got string "x"',
    );
    expect(refused({ m: { "1.0": 1 } }, byInteger)).toContain("a key must be an integer");
    expect(refused({ m: new Map([[true, 1]]) }, byInteger)).toContain("a key must be an integer, got boolean true");
    expect(refused({ m: new Map([[1.5, 1]]) }, byInteger)).toContain("expected an integer, got number 1.5");
    expect(refused({ f: { "": 1 } }, byInteger)).toContain("a key must be a number");
    expect(refused({ f: { x: 1 } }, byInteger)).toContain('a key must be a number, got string "x"');
  });

  it("without schema are kept as they are", () => {
    // Text, integer, float, false, None, bytes.
    const keys = { text: "a16b", integer: "05", float: one, no: "c2", none: "c0", bytes: "c40101" };
    for (const key of Object.values(keys)) expect(rewritten(`81${key}c2`, untyped, "bigint")).toBe(`81${key}c2`);
    const all = Object.values(keys)
      .map((key) => `${key}c2`)
      .join("");
    expect(rewritten(`86${all}`, untyped, "bigint")).toBe(`86${all}`);
    expect(packed(new Map([[float(1), 2]]), untyped)).toBe(`81${one}02`);
    expect(refused(new Map([[[1], 1]]), untyped)).toContain("a key must be a string, got a list of 1");
    expect(refused(new Map([[undefined, 1]]), untyped)).toContain("a key must be a string, got undefined");
  });

  it("keep their order, and none is special", () => {
    const mixed = "84a132c2a131c2a95f5f70726f746f5f5fc201c2";
    expect(rewritten(mixed, untyped, "bigint")).toBe("84a131c2a132c2a95f5f70726f746f5f5fc201c2");
    const ordinary = "83a162c2a95f5f70726f746f5f5fc2ab636f6e7374727563746f72c2";
    expect(rewritten(ordinary, untyped, "auto")).toBe(ordinary);
  });
});

describe("a field of a structure", () => {
  const type = structOf({
    properties: {
      text: { type: "string" },
      flag: { type: "boolean" },
      count: { type: "integer" },
      colour: { type: "string", enum: ["red", "green"] },
      level: { type: "integer", enum: [1, 2] },
      day: { type: "string", format: "date" },
      at: { type: "string", format: "date-time" },
      maybe: { anyOf: [{ type: "string" }, { type: "null" }] },
      either: { anyOf: [{ type: "string" }, { type: "boolean" }] },
      raw: { type: "string", format: "base64" },
    },
  });

  it.each([
    ["text", 5, "expected STRING, got number 5"],
    ["text", true, "expected STRING, got boolean true"],
    ["text", ["a"], "expected STRING, got a list of 1"],
    ["text", new Date(0), "expected STRING, got a Date: write it as the text that is meant"],
    ["flag", "yes", 'expected BOOLEAN, got string "yes"'],
    ["flag", 1, "expected BOOLEAN, got number 1"],
    ["count", "1", 'expected INTEGER, got string "1"'],
    ["colour", "blue", 'expected one of "red", "green", got string "blue"'],
    ["level", 3, 'expected one of "1", "2", got number 3'],
    ["maybe", 5, "expected STRING or NONE, got number 5"],
    ["either", 5, "expected STRING or BOOLEAN, got number 5"],
    ["day", "tomorrow", 'expected a date, got string "tomorrow": write it as in 2026-11-24'],
    ["at", "noon", 'expected a timestamp, got string "noon": write it as in 2026-11-24T08:00:00Z'],
    [
      "day",
      new Date("2026-11-24T08:00:00Z"),
      "expected a date, got 2026-11-24T08:00:00+00:00, which has a time of day: give midnight in UTC, or the text of the date",
    ],
  ])("%s refuses %j, with its path", (name, value, problem) => {
    expect(refused({ [name]: value }, type)).toBe(`invalid_output: output "a".${name}: ${problem}`);
  });

  it.each([
    ["text", "a", "a161"],
    ["text", null, "c0"],
    ["flag", false, "c2"],
    ["count", true, "c3"],
    ["colour", "green", "a5677265656e"],
    ["level", 2, "02"],
    ["level", "HIGH", "a448494748"],
    ["maybe", null, "c0"],
    ["either", false, "c2"],
    ["raw", Uint8Array.of(1), "c40101"],
    ["day", new Date("2026-11-24"), "aa323032362d31312d3234"],
    ["day", "2026-11-24", "aa323032362d31312d3234"],
  ])("%s takes %j", (name, value, hex) => {
    expect(packed({ [name]: value }, type).slice(4 + 2 * name.length)).toBe(hex);
  });
});

describe("a choice inside a structure", () => {
  it("is one of a number's kind only", () => {
    expect(packed({ x: float(1) }, untyped)).toBe("81a178cb3ff0000000000000");
    expect(packed({ x: int(1) }, untyped, "bigint")).toBe("81a17801");
    expect(refused({ x: variant("int", 1) }, untyped)).toBe(
      'invalid_output: output "a".x: variant() is for unions of literals, a structure has none: int() and float() choose there',
    );
    expect(refused({ x: [withHash(1, "h")] }, untyped)).toBe(
      'invalid_output: output "a".x[0]: withHash() is for whole literals, a member of a structure has no hash',
    );
  });
});

describe("a model that is no object", () => {
  it("is written as what its schema says, and as nothing else", () => {
    const list = structOf({ title: "Root", type: "array", items: { type: "number" } });
    expect(packed([1], list)).toBe("91cb3ff0000000000000");
    expect(rewritten("91cb3ff0000000000000", list, "bigint")).toBe("91cb3ff0000000000000");
    expect(packed(5, structOf({ title: "Root", type: "integer" }))).toBe("05");
    expect(refused("x", list)).toBe('invalid_output: output "a": expected STRUCT, got string "x"');
    expect(refused(undefined, list)).toContain("expected STRUCT, got undefined");
  });
});

describe("timestamps and durations inside a structure", () => {
  const times = structOf({
    properties: { length: { type: "number", format: "time-delta" }, iso: { type: "string", format: "duration" } },
  });
  const member = (value: unknown): Buffer => Buffer.from(packed(value, times), "hex");

  it("are written to the microsecond, however long they are", () => {
    const long = duration(315_000_000_000_123_456_789n);
    expect(member({ iso: long }).toString("utf8")).toContain("PT315000000000.123456S");
    expect(member({ length: long }).readDoubleBE(9)).toBe(Number("315000000000.123456"));
    expect(member({ iso: duration(-1_500_000_999n) }).toString("utf8")).toContain("-PT1.5S");
    expect(member({ iso: duration(0n) }).toString("utf8")).toContain("PT0S");
  });

  it("are made of class instances only: an object with the same key is an object", () => {
    const value = new Map([["epochNanoseconds", 5n]]);
    expect(packed({ x: { epochNanoseconds: 5n } }, untyped)).toBe(packed({ x: value }, untyped));
    expect(rewritten("81a178 81b065706f63684e616e6f7365636f6e6473 05".replaceAll(" ", ""), untyped, "bigint")).toBe(
      "81a17881b065706f63684e616e6f7365636f6e647305",
    );
  });
});
