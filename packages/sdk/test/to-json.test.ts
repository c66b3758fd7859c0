import {
  directory,
  duration,
  exactNumbers,
  type FlyteValue,
  instant,
  structuredDataset,
  toJson,
} from "@flyte-agent/sdk";
import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { binary, taskWith } from "./encoded-task.ts";
import { simple } from "./literal-types.ts";

it("exactNumbers keeps digits and signs that JSON.stringify loses", () => {
  const value = { rows: 2n ** 60n, change: -0, zero: 0, list: [-0, Number.NaN], text: "-0" };
  const text = '{"rows":1152921504606846976,"change":-0.0,"zero":0,"list":[-0.0,null],"text":"-0"}';
  expect(JSON.stringify(value, exactNumbers)).toBe(text);
  expect(JSON.stringify(toJson({ change: -0 }), exactNumbers)).toBe('{"change":-0.0}');
});

describe("toJson", () => {
  it.each<[FlyteValue, unknown]>([
    [null, null],
    [true, true],
    ["x", "x"],
    [1.5, 1.5],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
    [5n, "5"],
    [2n ** 63n, "9223372036854775808"],
    [Uint8Array.of(0x80, 5), "gAU="],
    [instant("2026-11-24T08:00:00.000000001Z"), "2026-11-24T08:00:00.000000001Z"],
    [duration({ seconds: -1.5 }), "-1.5s"],
    [
      directory("s3://d", { metadata: { a: "b" } }),
      { kind: "blob", uri: "s3://d", format: "", dimensionality: "multipart", metadata: { a: "b" } },
    ],
    [
      structuredDataset("s3://t", { externalSchema: { type: "arrow", bytes: Uint8Array.of(1) } }),
      { kind: "structured_dataset", uri: "s3://t", format: "", externalSchema: { type: "arrow", bytes: "AQ==" } },
    ],
    [
      structuredDataset("s3://t", { columns: [{ name: "x", type: simple("INTEGER") }] }),
      {
        kind: "structured_dataset",
        uri: "s3://t",
        format: "",
        columns: [{ name: "x", type: { simple: "INTEGER" } }],
      },
    ],
    [
      [1n, [2n]],
      ["1", ["2"]],
    ],
    [{ a: { b: 1n } }, { a: { b: "1" } }],
    [
      new Map<FlyteValue, FlyteValue>([
        [1n, "x"],
        [true, 2n],
        [1.5, null],
      ]),
      { "1": "x", true: "2", "1.5": null },
    ],
    [
      new Map<FlyteValue, FlyteValue>([
        [null, 1n],
        [Uint8Array.of(1), "x"],
      ]),
      [
        [null, "1"],
        ["AQ==", "x"],
      ],
    ],
    [
      new Map<FlyteValue, FlyteValue>([
        [1, "a"],
        ["1", "b"],
      ]),
      [
        [1, "a"],
        ["1", "b"],
      ],
    ],
    [{ epochNanoseconds: 1n }, { epochNanoseconds: "1" }],
    [
      { seconds: 1, nanoseconds: 1n },
      { seconds: 1, nanoseconds: "1" },
    ],
  ])("of %s is %j", (value, json) => {
    expect(toJson(value)).toEqual(json);
    expect(JSON.parse(JSON.stringify(toJson(value)))).toEqual(json);
  });

  it("is there for every input, also with odd keys", () => {
    const { inputs } = taskWith({ pickle: [simple("BINARY"), binary(Uint8Array.of(1), "")] });
    expect(toJson(inputs)).toEqual({ pickle: { opaque: true, bytes: "AQ==" } });
    const odd = JSON.parse('{"__proto__": {"a": 1}}');
    expect(JSON.stringify(toJson(odd))).toBe('{"__proto__":{"a":1}}');
  });

  it("takes keys that a user wrote for keys", () => {
    const odd = [
      { $typeName: "flyteidl2.core.LiteralType", x: 1 },
      { epochNanoseconds: "1", toJSON: 1 },
      { nanoseconds: 1, seconds: 1, toJSON: "x" },
    ];
    const { inputs } = taskWith({ odd: [simple("STRUCT"), binary(encode({ odd }))] });
    expect(toJson(inputs)).toEqual({ odd: { odd } });
    const moment = { epochNanoseconds: 2n ** 60n, toJSON: 1 };
    const large = taskWith({ moment: [simple("STRUCT"), binary(encode(moment, { useBigInt64: true }))] });
    expect(toJson(large.inputs)).toEqual({ moment: { epochNanoseconds: String(2n ** 60n), toJSON: 1 } });
  });

  it("ends", () => {
    const list: FlyteValue[] = [];
    list.push(list);
    expect(() => toJson(list)).toThrow("nested deeper than 200 levels");
  });
});
