import { readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { renderInputs } from "@flyte-agent/sdk";
import { readTask, writeOutputs } from "@flyte-agent/sdk/host";
import { describe, expect, it } from "vitest";

// Written by `interop/fixtures/flytekit_values.py`.
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
const encoded = { template: fixture("flytekit-template.pb"), inputs: fixture("flytekit-inputs.pb") };
const texts: Record<string, string> = JSON.parse(new TextDecoder().decode(fixture("flytekit-texts.json")));
const literals = fromBinary(flyteidl1.LiteralMapSchema, encoded.inputs).literals;

describe("values that flytekit wrote", () => {
  const exact = readTask(encoded, { integers: "bigint" });
  const task = readTask(encoded, { integers: "auto" });
  const names = Object.keys(literals);

  it("are all read", () => {
    expect(new Set(Object.keys(exact.inputs))).toEqual(new Set(names));
    expect(exact.inputs).toMatchObject({
      int_large: 2n ** 53n + 1n,
      text: 'it\'s "ä€😀" $& {inputs.int_small}',
      color: "blue",
    });
  });

  it.each(names)("%s is rewritten from its value and type alone", (name) => {
    const written = writeOutputs({ ...exact.inputs }, exact.outputTypes, { integers: "bigint" });
    expect(fromBinary(flyteidl1.LiteralMapSchema, written).literals[name]).toEqual(literals[name]);
  });

  // The two where only the wire, and not the number, tells 1.0 from 1.
  const lossy = new Set(["anything", "int_or_float"]);

  it.each(names.filter((name) => !lossy.has(name)))("%s is rewritten with integers as numbers, too", (name) => {
    const written = writeOutputs({ ...task.inputs }, task.outputTypes);
    expect(fromBinary(flyteidl1.LiteralMapSchema, written).literals[name]).toEqual(literals[name]);
  });

  it.each(Object.entries(texts))("%s prints in templates as in Python", (name, text) => {
    expect(renderInputs(`<{inputs.${name}}>`, task)).toBe(`<${text}>`);
  });
});
