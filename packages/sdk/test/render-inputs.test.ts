import { create } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import { duration, float, instant, int, pythonText, renderInputs } from "@flyte-agent/sdk";
import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { binary, primitive, scalar, taskWith } from "./encoded-task.ts";
import { blobOf, listOf, mapOf, simple, unionOf } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

const task = taskWith({
  count: [simple("INTEGER"), primitive({ case: "integer", value: 3n })],
  large: [simple("INTEGER"), primitive({ case: "integer", value: 2n ** 60n })],
  ratio: [simple("FLOAT"), primitive({ case: "floatValue", value: 1 })],
  text: [simple("STRING"), primitive({ case: "stringValue", value: "$& {inputs.count}" })],
  flag: [simple("BOOLEAN"), primitive({ case: "boolean", value: true })],
  when: [simple("DATETIME"), primitive({ case: "datetime", value: { seconds: 0n, nanos: 1999 } })],
  took: [simple("DURATION"), primitive({ case: "duration", value: { seconds: 90n } })],
  none: [simple("NONE"), scalar({ case: "noneType", value: {} })],
  error: [simple("ERROR"), scalar({ case: "error", value: { message: "boom" } })],
  file: [blobOf("SINGLE"), scalar({ case: "blob", value: { uri: "s3://b/f" } })],
  dict: [simple("STRUCT"), binary(encode({ a: 1, b: 1.5 }))],
  ints: [simple("STRUCT"), binary(Uint8Array.of(0x81, 1, 0xcb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0))],
  bytes: [simple("STRUCT"), binary(encode({ a: new Uint8Array(1) }))],
  pickle: [simple("BINARY"), binary(Uint8Array.of(0x61, 0x62), "")],
  struct: [simple("STRUCT"), scalar({ case: "generic", value: { a: { b: 1, c: "x" } } })],
  list: [
    listOf(simple("STRING")),
    { value: { case: "collection", value: { literals: [primitive({ case: "stringValue", value: "it's" })] } } },
  ],
  map: [
    mapOf(simple("FLOAT")),
    { value: { case: "map", value: { literals: { k: primitive({ case: "floatValue", value: 2 }) } } } },
  ],
  union: [
    unionOf(simple("INTEGER")),
    scalar({ case: "union", value: { value: primitive({ case: "integer", value: 4n }) } }),
  ],
});

describe("a template", () => {
  it("that is one placeholder becomes the value itself", () => {
    expect(
      renderInputs(
        {
          count: "{inputs.count}",
          rest: ["{inputs.large}", "{inputs.ratio}", "{inputs.flag}", "{inputs.none}", "{inputs.list}", "{inputs.map}"],
          struct: { deep: "{inputs.struct}", key: "{inputs.struct.a.b}" },
          text: [
            "{inputs.dict}",
            "{inputs.when}",
            "{inputs.took}",
            "{inputs.file}",
            "{inputs.error}",
            "{inputs.union}",
          ],
          bytes: "{inputs.pickle}",
        },
        task,
      ),
    ).toEqual({
      count: 3,
      rest: [2n ** 60n, 1, true, null, ["it's"], { k: 2 }],
      struct: { deep: { a: { b: 1, c: "x" } }, key: 1 },
      text: ['{"a": 1, "b": 1.5}', "1970-01-01T00:00:00.000001+00:00", 90, "s3://b/f", "boom", 4],
      bytes: "YWI=",
    });
  });

  it.each([
    ["n={inputs.count}, {inputs.count}", "n=3, 3"],
    ["{inputs.count}{inputs.ratio}", "31.0"],
    ["x {inputs.large} {inputs.flag} {inputs.none}", "x 1152921504606846976 True None"],
    ["at {inputs.when} for {inputs.took}", "at 1970-01-01T00:00:00.000001+00:00 for 90.0"],
    ["{inputs.list} {inputs.map} {inputs.struct}", `["it's"] {'k': 2.0} {'a': {'b': 1.0, 'c': 'x'}}`],
    ["{inputs.map.k}!", "2.0!"],
    ["{inputs.dict}!", '{"a": 1, "b": 1.5}!'],
    ["{inputs.ints}!", '{"1": 1.0}!'],
    ["{inputs.pickle}!", "b'YWI='!"],
    ["no {placeholder} {} { } { here", "no {placeholder} {} { } { here"],
  ])("%s becomes %s", (template, expected) => {
    expect(renderInputs(template, task)).toBe(expected);
  });

  it("does not fill in what a value brings along", () => {
    expect(renderInputs("<{inputs.text}>", task)).toBe("<$& {inputs.count}>");
  });

  it("leaves numbers, keys and the tree itself as they are", () => {
    const tree = { "{inputs.count}": 1, b: [1.5, null, true], ["__proto__"]: "{inputs.count}" };
    const rendered = renderInputs(tree, task);
    expect(Object.entries(rendered as object)).toEqual([
      ["{inputs.count}", 1],
      ["b", [1.5, null, true]],
      ["__proto__", 3],
    ]);
    expect(Object.values(tree)).toContain("{inputs.count}");
  });

  it("may have other roots", () => {
    const more = { images: { main: "i:1", deep: { x: 2 } } };
    expect(renderInputs("{images.main} {images.deep.x} {inputs.count}", task, more)).toBe("i:1 2 3");
    expect(thrown(() => renderInputs("{images.none}", task, more))).toBe(
      "invalid_task: {images.none}: nothing to fill in, expected for example {inputs.name}",
    );
  });

  it("names what is not there", () => {
    const small = taskWith({ a: [simple("STRING"), primitive({ case: "stringValue", value: "bc" })] });
    expect(thrown(() => renderInputs({ url: ["x{inputs.b}"] }, small))).toBe(
      'invalid_input: input "b": the template uses {inputs.b}, and the task has no such input: it has "a"',
    );
    expect(thrown(() => renderInputs("{inputs.b}", taskWith({})))).toContain("the task has no such input: it has none");
    expect(thrown(() => renderInputs("{inputs.a.b}", small))).toBe(
      'invalid_input: input "a": the template uses {inputs.a.b}, and there is no "b" in it',
    );
    expect(thrown(() => renderInputs("{secret.x}", small))).toBe(
      "invalid_task: {secret.x}: nothing to fill in, expected for example {inputs.name}",
    );
    expect(thrown(() => renderInputs("{inputs.a}", { literals: new Map(), inputTypes: small.inputTypes }))).toBe(
      'invalid_input: input "a": the template uses {inputs.a}, and Flyte sent no value for it',
    );
  });

  it("finds what Python's pattern finds", () => {
    const one = taskWith({ a: [simple("INTEGER"), primitive({ case: "integer", value: 1n })] });
    expect(renderInputs("{} {x} {inputs.a}{inputs.a} }{", one)).toBe("{} {x} 11 }{");
    expect(renderInputs("{}{inputs.a}", one)).toBe("{}1");
    expect(renderInputs("{inputs.a", one)).toBe("{inputs.a");
    expect(thrown(() => renderInputs("{{inputs.a}}", one))).toBe(
      "invalid_task: {{inputs.a}: nothing to fill in, expected for example {inputs.name}",
    );
  });

  it("takes no longer for what a caller makes large", () => {
    const braces = "{".repeat(1_000_000);
    expect(renderInputs(braces, taskWith({}))).toBe(braces);
    const keys = Array.from({ length: 10_000 }, (_, index) => `k${index}`);
    const literals = Object.fromEntries(
      keys.map((key) => [key, create(flyteidl2.LiteralSchema, primitive({ case: "integer", value: 1n }))]),
    );
    const large = taskWith({ a: [mapOf(simple("INTEGER")), { value: { case: "map", value: { literals } } }] });
    const all = keys.map((key) => `{inputs.a.${key}}`);
    expect(renderInputs([...all, ...all].join(""), large)).toBe("1".repeat(20_000));
    const tooLong =
      "invalid_task: template: the inputs that are filled in are longer than 67108864 characters together";
    expect(thrown(() => renderInputs("{inputs.a} ".repeat(10_000), large))).toBe(tooLong);
    expect(thrown(() => renderInputs(Array(10_000).fill("of {inputs.a}"), large))).toBe(tooLong);
    expect(thrown(() => renderInputs(Array(10_000).fill("{inputs.a}"), large))).toBe(tooLong);
    // One that stands there a few times is made once.
    const [one, other] = renderInputs(["{inputs.a}", "{inputs.a}"], large) as readonly unknown[];
    expect(one).toBe(other);
  });

  it("cuts what is not there in the sentence that says so", () => {
    expect(thrown(() => renderInputs(`{inputs.${"a.".repeat(100_000)}}`, task)).length).toBeLessThan(1000);
    expect(thrown(() => renderInputs(`{${"a.".repeat(100_000)}}`, task)).length).toBeLessThan(1000);
  });

  it("reaches into a dataclass, whose whole is JSON text", () => {
    const point = { name: "Zürich", at: [1, 2.5], deep: { on: true, nothing: null } };
    const one = taskWith({ p: [simple("STRUCT"), binary(encode(point))] });
    expect(renderInputs("{inputs.p}", one)).toBe(
      '{"name": "Z\\u00fcrich", "at": [1, 2.5], "deep": {"on": true, "nothing": null}}',
    );
    expect(renderInputs("{inputs.p.name}", one)).toBe("Zürich");
    expect(renderInputs("at {inputs.p.at}, on {inputs.p.deep.on}", one)).toBe("at [1, 2.5], on True");
    expect(renderInputs(["{inputs.p.deep.nothing}", "{inputs.p.deep}"], one)).toEqual([
      null,
      { on: true, nothing: null },
    ]);
    expect(thrown(() => renderInputs("{inputs.p.nme}", one))).toBe(
      'invalid_input: input "p": the template uses {inputs.p.nme}, and there is no "nme" in it',
    );
  });

  it("keeps the sign of negative zero, as Python prints it", () => {
    const msgpack = Uint8Array.of(0x81, 0xa1, 0x61, 0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0);
    const one = taskWith({
      f: [simple("FLOAT"), primitive({ case: "floatValue", value: -0 })],
      p: [simple("STRUCT"), binary(msgpack)],
      s: [simple("STRUCT"), scalar({ case: "generic", value: { a: -0 } })],
    });
    expect(renderInputs("{inputs.f} {inputs.p} {inputs.s}", one)).toBe(`-0.0 {"a": -0.0} {'a': -0.0}`);
    expect(renderInputs({ f: "{inputs.f}" }, one)).toEqual({ f: -0 });
  });

  it("cannot show what JSON cannot hold", () => {
    expect(thrown(() => renderInputs("{inputs.bytes}", task))).toBe(
      'invalid_input: input "bytes": the msgpack value cannot be shown as text: it has bytes, which JSON cannot hold',
    );
  });
});

describe("pythonText", () => {
  it.each([
    ["x", "x"],
    [null, "None"],
    [true, "True"],
    [false, "False"],
    [1, "1"],
    [-0, "-0.0"],
    [0.1, "0.1"],
    [123456.789, "123456.789"],
    [1e15 + 0.5, "1000000000000000.5"],
    [float(1e15), "1000000000000000.0"],
    [float(1e16), "1e+16"],
    [1e22, "1e+22"],
    [1.5e300, "1.5e+300"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [5e-324, "5e-324"],
    [Number.NaN, "nan"],
    [Number.NEGATIVE_INFINITY, "-inf"],
    [2n ** 70n, "1180591620717411303424"],
    [int(5), "5"],
    [float(5), "5.0"],
    [["a", 1, null], "['a', 1, None]"],
    [{ a: { b: [true] } }, "{'a': {'b': [True]}}"],
    [new Map<unknown, unknown>([[1, "x"]]), "{1: 'x'}"],
    [["it's"], `["it's"]`],
    [[`it's "x"`], `['it\\'s "x"']`],
    [["\n\t\\\u0000\u00a0\u200b\u{e0001}é😀"], "['\\n\\t\\\\\\x00\\xa0\\u200b\\U000e0001é😀']"],
    [Uint8Array.of(0x61, 0, 0x27, 0xff), `b"a\\x00'\\xff"`],
    [instant(1_500_000_000n), "1970-01-01T00:00:01.500000+00:00"],
    [[instant(0n)], "['1970-01-01T00:00:00+00:00']"],
    [duration({ milliseconds: 1500 }), "1.5"],
  ])("of %s is %s", (value, expected) => {
    expect(pythonText(value)).toBe(expected);
  });
});
