import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as ours from "@flyte-agent/sdk";
import { type readOutputs, writeOutputs } from "@flyte-agent/sdk/host";
import { afterAll, describe, expect, it } from "vitest";
import { binary, encodeLiterals, scalar } from "./encoded-task.ts";
import { blobOf, listOf, schemaType, simple, structOf, tableOf, unionOf } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

// A plugin may bring an SDK of its own, with literals of its own. From here the copies find the same other dependencies.
const folder = mkdtempSync(fileURLToPath(new URL("../node_modules/copy-", import.meta.url)));
for (const part of ["dist", "src", "package.json"]) {
  cpSync(new URL(`../${part}`, import.meta.url), `${folder}/${part}`, { recursive: true });
  const literals = `${folder}/node_modules/@flyte-agent/literals/${part}`;
  cpSync(new URL(`../../literals/${part}`, import.meta.url), literals, { recursive: true });
}
const theirs: typeof ours = await import(pathToFileURL(`${folder}/dist/index.js`).href);
const theirHost: { readOutputs: typeof readOutputs } = await import(pathToFileURL(`${folder}/dist/host.js`).href);

afterAll(() => rmSync(folder, { recursive: true }));

const number = unionOf(simple("INTEGER", "int"), simple("FLOAT", "float"));
const dated = structOf({ properties: { x: { type: "string", format: "date-time" } } });

describe("the values of another copy of the SDK", () => {
  it("are made by other code", () => {
    expect(theirs.file).not.toBe(ours.file);
    expect(Object.getPrototypeOf(theirs.instant(0n))).not.toBe(Object.getPrototypeOf(ours.instant(0n)));
  });

  it.each([
    ["int()", number, (sdk: typeof ours) => sdk.int(1)],
    ["float()", number, (sdk: typeof ours) => sdk.float(1)],
    ["variant()", number, (sdk: typeof ours) => sdk.variant("float", 1)],
    ["withHash()", listOf(simple("STRING")), (sdk: typeof ours) => [sdk.withHash("x", "h")]],
    ["instant()", simple("DATETIME"), (sdk: typeof ours) => sdk.instant(5n)],
    ["instant() in a structure", dated, (sdk: typeof ours) => ({ x: sdk.instant(5000n) })],
    ["duration()", simple("DURATION"), (sdk: typeof ours) => sdk.duration(5n)],
    ["file()", blobOf("SINGLE"), (sdk: typeof ours) => sdk.file("s3://f", { hash: "h" })],
    ["file() in a structure", simple("STRUCT"), (sdk: typeof ours) => ({ f: sdk.file("s3://f") })],
    ["structuredDataset()", tableOf(), (sdk: typeof ours) => sdk.structuredDataset("s3://t")],
    ["schema()", schemaType, (sdk: typeof ours) => sdk.schema("s3://s")],
    ["what speaks for itself", undefined, (sdk: typeof ours) => [sdk.float(1), sdk.instant(1n), sdk.file("s3://f")]],
  ] as const)("are written alike: %s", (_name, type, make) => {
    const declared = type === undefined ? undefined : new Map([["a", type]]);
    expect(writeOutputs({ a: make(theirs) }, declared)).toEqual(writeOutputs({ a: make(ours) }, declared));
    expect(ours.pythonText(make(theirs))).toBe(ours.pythonText(make(ours)));
  });

  it.each([
    ["a pickle", simple("BINARY"), binary(Uint8Array.of(1), "")],
    [
      "a pickle in a file",
      blobOf("SINGLE", "PythonPickle"),
      scalar({ case: "blob", value: { uri: "s3://p", metadata: { type: { format: "PythonPickle" } } } }),
    ],
    ["a structure", simple("STRUCT"), binary(Uint8Array.of(0x81, 0xa1, 0x78, 0x80))],
  ] as const)("are handed on where the other copy read them: %s", (_name, type, literal) => {
    const inputs = encodeLiterals({ a: literal });
    const declared = new Map([["a", type]]);
    const { a = null } = theirHost.readOutputs(inputs, declared);
    expect(writeOutputs({ a }, declared)).toEqual(inputs);
    expect(ours.toJson(a)).toEqual(theirs.toJson(a));
  });

  it("throw errors that are known", () => {
    expect(thrown(() => theirHost.readOutputs(encodeLiterals({ b: {} }), new Map()))).toContain("invalid_output");
  });
});
