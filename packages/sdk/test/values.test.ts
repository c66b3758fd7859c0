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

/** What cannot be kept while integers are numbers, with the reasons. */
const lossy: Readonly<Record<string, string>> = JSON.parse(readFixture("lossy.json"));
// Flyte 2 writes the field under its name and declares it under its alias: nothing says that it is a float. Pydantic
// takes the integer, too.
const lossyByAlias = "model_aliased";

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

describe.each(["flytekit-1.16.31", "flyte-sdk-2.12.1"])("values that %s wrote", (peer) => {
  const values = valuesOf(`${peer}.jsonl`);
  const isStruct = ({ kind }: WrittenValue): boolean => kind.endsWith(" in a Struct");

  it("are at least 150", () => {
    expect(values.length).toBeGreaterThanOrEqual(150);
  });

  it.each(values)("$name is rewritten with integers as bigint", (value) => {
    expect(exactValue(rewritten(value, "bigint"))).toEqual(exactValue(value));
  });

  it.each(values)("$name is rewritten with integers as numbers, or known to be lossy", (value) => {
    const result = expect(exactValue(rewritten(value, "auto")));
    if (value.name in lossy || value.name === lossyByAlias) result.not.toEqual(exactValue(value));
    else result.toEqual(exactValue(value));
  });

  it.each(values.filter((value) => !isStruct(value) && !otherBytes.has(value.name)))(
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
