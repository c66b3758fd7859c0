import { readFileSync } from "node:fs";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { flyteidl2 } from "@flyte-agent/idl";
import type { FlyteOutput, LiteralType } from "@flyte-agent/sdk";
import * as sdk from "@flyte-agent/sdk";
import { readOutputs, writeOutputs } from "@flyte-agent/sdk/host";
import { describe, expect, it } from "vitest";
import { binary, encodeLiterals, scalar } from "./encoded-task.ts";
import { blobOf, enumOf, listOf, mapOf, schemaType, simple, structOf, tableOf, unionOf } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

interface Row {
  readonly type: string;
  /** Expressions of JavaScript. */
  readonly given: readonly string[];
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
}

/** The types that the rows of the table speak of. */
const types: Readonly<Record<string, LiteralType>> = {
  INTEGER: simple("INTEGER"),
  'INTEGER, for an agent with integers: "bigint"': simple("INTEGER"),
  FLOAT: simple("FLOAT"),
  STRING: simple("STRING"),
  BOOLEAN: simple("BOOLEAN"),
  DATETIME: simple("DATETIME"),
  DURATION: simple("DURATION"),
  NONE: simple("NONE"),
  ERROR: simple("ERROR"),
  'enum of "red" and "blue"': enumOf("red", "blue"),
  "list of INTEGER": listOf(simple("INTEGER")),
  "map of INTEGER": mapOf(simple("INTEGER")),
  "STRUCT with a schema": structOf({
    properties: {
      count: { type: "integer" },
      total: { type: "number" },
      when: { type: "string", format: "date-time" },
    },
  }),
  "STRUCT without": simple("STRUCT"),
  "union of INTEGER, FLOAT, STRING and NONE": unionOf(
    simple("INTEGER", "int"),
    simple("FLOAT", "float"),
    simple("STRING", "str"),
    simple("NONE", "none"),
  ),
  file: blobOf("SINGLE"),
  directory: blobOf("MULTIPART"),
  "structured dataset": tableOf(),
  schema: schemaType,
  "BINARY without tag": simple("BINARY"),
  "file of format PythonPickle": blobOf("SINGLE", "PythonPickle"),
};

const rows = readFileSync(new URL("../../../docs/values.md", import.meta.url), "utf8")
  .split("\n## ")
  .filter((section) => section.startsWith("The table"))
  .flatMap((section) => section.split("\n").filter((line) => line.startsWith("| ")))
  .slice(1)
  .map((line): Row => {
    const [, type = "", given = "", accepted = "", refused = ""] = line.split("|").map((cell) => cell.trim());
    return { type, given: expressionsIn(given), accepted: expressionsIn(accepted), refused: expressionsIn(refused) };
  });

function expressionsIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, expression = ""]) => expression);
}

const scope: Readonly<Record<string, unknown>> = {
  ...sdk,
  inputs: {
    pickle: received(binary(Uint8Array.of(0x80, 5), ""), simple("BINARY")),
    pickleFile: received(
      scalar({ case: "blob", value: { uri: "s3://b/p", metadata: { type: { format: "PythonPickle" } } } }),
      blobOf("SINGLE", "PythonPickle"),
    ),
  },
  temporal: (parts: object) => ({ seconds: 0, nanoseconds: 0, ...parts, [Symbol.toStringTag]: "Temporal.Duration" }),
};

function received(literal: MessageInitShape<typeof flyteidl2.LiteralSchema>, type: LiteralType): unknown {
  return readOutputs(encodeLiterals({ a: literal }), new Map([["a", type]])).a;
}

/** What an expression of the docs stands for. */
function evaluate(expression: string): unknown {
  return new Function(...Object.keys(scope), `return (${expression});`)(...Object.values(scope));
}

describe.each(rows)("docs/values.md: $type", ({ type, given, accepted, refused }) => {
  const declared = new Map([["a", types[type] ?? simple("NONE")]]);
  const options = { integers: type.includes('"bigint"') ? "bigint" : "auto" } as const;
  const written = (expression: string): Uint8Array =>
    writeOutputs({ a: evaluate(expression) as FlyteOutput }, declared, options);

  it("is a type that is known here, with something that is given", () => {
    expect(Object.keys(types)).toContain(type);
    expect(given).not.toEqual([]);
    expect(refused).not.toEqual([]);
  });

  it.each(given)("gives %s", (expression) => {
    expect(readOutputs(written(expression), declared, options).a).toEqual(evaluate(expression));
  });

  if (accepted.length > 0) {
    it.each(accepted)("accepts %s", (expression) => {
      expect(() => readOutputs(written(expression), declared, options)).not.toThrow();
    });
  }

  it.each(refused)("refuses %s", (expression) => {
    expect(thrown(() => written(expression))).toMatch(/^invalid_output: output "a"/);
  });
});

it("docs/values.md has every type", () => {
  expect(rows.map(({ type }) => type)).toEqual(Object.keys(types));
});
