import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { mapEntrySorter } from "@flyte-agent/literals";
import fc from "fast-check";
import { expect, test } from "vitest";

type Tree = string | { readonly [name: string]: Tree };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, fc.string(), fc.dictionary(fc.string({ minLength: 1 }), tie("tree"), { maxKeys: 5 })),
}));

const sortInputs = mapEntrySorter(flyteidl1.LiteralMapSchema);
const sortTemplate = mapEntrySorter(flyteidl1.TaskTemplateSchema);

test("maps with the same entries have the same bytes, whatever order they were written in", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), tree), (values) => {
      const [one, other] = [encode(values, (keys) => keys), encode(values, (keys) => keys.reverse())];
      expect(hex(sortInputs(one))).toBe(hex(sortInputs(other)));
      expect(sortInputs(one).length).toBe(one.length);
      expect(fromBinary(flyteidl1.LiteralMapSchema, sortInputs(other))).toEqual(
        fromBinary(flyteidl1.LiteralMapSchema, one),
      );
    }),
  );
});

test("what is given stays as it is, Buffers too", () => {
  const bytes = encode({ b: "1", a: "2" }, (keys) => keys);
  const before = bytes.toString("hex");
  expect(hex(sortInputs(bytes))).not.toBe(before);
  expect(bytes.toString("hex")).toBe(before);
});

test("other values, keys and orders of lists have other bytes", () => {
  const list = (...items: string[]): Uint8Array =>
    toBinary(
      flyteidl1.LiteralMapSchema,
      create(flyteidl1.LiteralMapSchema, {
        literals: { l: { value: { case: "collection", value: { literals: items.map(textLiteral) } } } },
      }),
    );
  const asWritten = (keys: string[]): string[] => keys;
  const variants = [
    encode({ a: "1", b: "2" }, asWritten),
    encode({ a: "2", b: "1" }, asWritten),
    encode({ a: "1", c: "2" }, asWritten),
    encode({ a: { b: "2" } }, asWritten),
    list("a", "b"),
    list("b", "a"),
  ].map((bytes) => Buffer.from(sortInputs(bytes)).toString("hex"));
  expect(new Set(variants).size).toBe(variants.length);
});

test("templates are sorted in custom, config, and the variables of their interface", () => {
  const template = (order: (keys: string[]) => string[]): Uint8Array => {
    const record = <Value>(value: (key: string) => Value): Record<string, Value> =>
      Object.fromEntries(order(["a", "b", "c"]).map((key) => [key, value(key)]));
    return toBinary(
      flyteidl1.TaskTemplateSchema,
      create(flyteidl1.TaskTemplateSchema, {
        type: "job",
        config: record((key) => key),
        custom: { nested: record((key) => ({ [key]: [record(() => 1)] })) },
        interface: { inputs: { variables: record((key) => ({ description: key })) } },
      }),
    );
  };
  const [one, other] = [template((keys) => keys), template((keys) => keys.reverse())];
  expect(one).not.toEqual(other);
  expect(sortTemplate(one)).toEqual(sortTemplate(other));
});

test("bytes that are no such message are refused, and what is in order is not copied", () => {
  const bytes = encode({ a: "1", b: "2" }, (keys) => keys);
  expect(sortInputs(bytes)).toBe(bytes);
  for (let length = 1; length < bytes.length; length++) {
    const cut = bytes.subarray(0, length);
    if (length !== bytes.length / 2) expect(() => sortInputs(cut)).toThrow(RangeError);
  }
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function textLiteral(stringValue: string) {
  return {
    value: {
      case: "scalar",
      value: {
        value: { case: "primitive", value: { value: { case: "stringValue", value: stringValue } } },
      },
    },
  } as const;
}

/** Writes a map with its entries, and those of the maps in it, in the order that `order` gives to the keys. */
function encode(values: Readonly<Record<string, Tree>>, order: (keys: string[]) => string[]): Buffer {
  const parts = order(Object.keys(values)).map((key) =>
    toBinary(flyteidl1.LiteralMapSchema, create(flyteidl1.LiteralMapSchema, { literals: { [key]: literal(key) } })),
  );
  return Buffer.concat(parts);

  function literal(key: string) {
    const value = values[key] ?? "";
    if (typeof value === "string") return textLiteral(value);
    const inner = fromBinary(flyteidl1.LiteralMapSchema, encode(value, order));
    return { value: { case: "map", value: inner } } as const;
  }
}
