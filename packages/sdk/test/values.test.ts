import { readFileSync } from "node:fs";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import { renderInputs } from "@flyte-agent/sdk";
import { type EncodedLiteral, readTask, rewriteLiteral } from "@flyte-agent/sdk/host";
import { describe, expect, it } from "vitest";
import { encodeTemplate } from "./encoded-task.ts";

/** One line of a file that `interop/values/remake.sh` writes. */
interface WrittenValue extends EncodedLiteral {
  readonly kind: string;
  readonly text: string | undefined;
}

function valuesOf(file: string): readonly WrittenValue[] {
  const lines = readFixture(file)
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => {
    const { name, kind, type, literal, text } = JSON.parse(line);
    return { name, kind, type: bytesOf(type), literal: bytesOf(literal), text };
  });
}

function readFixture(file: string): string {
  return readFileSync(new URL(`../../../interop/values/${file}`, import.meta.url), "utf8");
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

function exactValue(encoded: EncodedLiteral): unknown {
  return rewriteLiteral(encoded, { integers: "bigint" }).value;
}

function rewritten(value: WrittenValue, integers: "auto" | "bigint"): WrittenValue {
  return { ...value, literal: rewriteLiteral(value, { integers }).literal };
}

/** What cannot be kept while integers are numbers, and what never can, with the reasons. */
const lossy: Readonly<Record<"auto" | "always", Readonly<Record<string, string>>>> = JSON.parse(
  readFixture("lossy.json"),
);

/** Where a number comes back as another kind of number, and Python makes the declared one of it. */
const numbersAsPythonDeclares = new Map([
  ["model_aliased", "the field is written under its name and declared under its alias"],
  ["dict_keys_int_to_whole_float", "only the Python type of a dict with integer keys says what its values are"],
  ["dataclass_int_for_float", "Python wrote an integer where it declares a float"],
]);

/** What is written in another way than it came, and means the same. */
const otherBytes = new Map([
  ...["dict_nasty_keys", "dataclass_in_list_in_dataclass", "dataclass_containers", "model_in_model"].map(
    (name) => [name, "objects have their numeric-looking keys first"] as const,
  ),
  ...["annotated_hash", "annotated_hash_list", "annotated_hash_dict", "pickle_set", "pickle_set_typed"].map(
    (name) => [name, "only files and tables keep their hash"] as const,
  ),
  ...["annotated_optional", "annotated_union", "annotated_union_variants"].map(
    (name) =>
      [name, "the type in the union is the declared variant with its constraints, which Python leaves out"] as const,
  ),
]);

/** A value with a number in place of each bigint. */
function withNumbers(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [withNumbers(key), withNumbers(member)]));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withNumbers(member)]));
}

describe.each(["flytekit-1.16.31", "flyte-sdk-2.12.1"])("values that %s wrote", (peer) => {
  const all = valuesOf(`${peer}.jsonl`);
  const values = all.filter(({ name }) => !(name in lossy.always));
  const isStruct = ({ kind }: WrittenValue): boolean => kind.endsWith(" in a Struct");

  it("are at least 150", () => {
    expect(all.length).toBeGreaterThanOrEqual(150);
  });

  const exact = values.filter(({ name }) => !numbersAsPythonDeclares.has(name));
  const lossless = exact.filter(({ name }) => !(name in lossy.auto));

  it.each(exact)("$name is rewritten with integers as bigint", (value) => {
    expect(exactValue(rewritten(value, "bigint"))).toEqual(exactValue(value));
  });

  it.each(lossless)("$name is rewritten with integers as numbers", (value) => {
    expect(exactValue(rewritten(value, "auto"))).toEqual(exactValue(value));
  });

  it.each(values.filter((value) => !lossless.includes(value)))("$name keeps all but the kind of a number", (value) => {
    expect(withNumbers(exactValue(rewritten(value, "auto")))).toEqual(withNumbers(exactValue(value)));
  });

  it.each(exact.filter((value) => !isStruct(value) && !otherBytes.has(value.name)))(
    "$name is the same literal again",
    (value) => {
      const { literal } = rewritten(value, "bigint");
      expect(fromBinary(flyteidl2.LiteralSchema, literal)).toEqual(fromBinary(flyteidl2.LiteralSchema, value.literal));
    },
  );

  it.each(values.filter((value) => isStruct(value) && !value.kind.startsWith("dictionaries")))(
    "$name is read as from msgpack",
    (value) => {
      const same = values.find(({ name }) => `struct_${name}` === value.name);
      expect(exactValue(value)).toEqual(same === undefined ? "no such value" : exactValue(same));
    },
  );

  const texts = values.filter((value) => value.text !== undefined);
  it.each(texts)("$name prints in templates as in Python", ({ name, type, literal, text }) => {
    const template = encodeTemplate({ [name]: fromBinary(flyteidl2.LiteralTypeSchema, type) });
    const value = fromBinary(flyteidl2.LiteralSchema, literal);
    const inputs = toBinary(flyteidl2.InputsSchema, create(flyteidl2.InputsSchema, { literals: [{ name, value }] }));
    expect(renderInputs(`<{inputs.${name}}>`, readTask({ template, inputs }, { integers: "auto" }))).toBe(`<${text}>`);
  });
});
