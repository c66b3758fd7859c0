import { parseTaskDescription } from "@flyte-agent/client";
import { duration, file, structuredDataset } from "@flyte-agent/sdk";
import { readTask } from "@flyte-agent/sdk/host";
import { expect, it } from "vitest";

function read(type: object, value: unknown): unknown {
  const task = parseTaskDescription({
    type: "x",
    interface: { inputs: { variables: { input: { type } } } },
    inputs: { input: value },
  });
  return readTask(task, { integers: "auto" }).inputs.input;
}

it.each([
  ["60s", 60_000_000_000n],
  ["-1.5s", -1_500_000_000n],
  ["PT1M0.000000001S", 60_000_000_001n],
  ["P1DT2H", 93_600_000_000_000n],
])("reads the DURATION %s", (text, nanoseconds) => {
  expect(read({ simple: "DURATION" }, text)).toMatchObject({ nanoseconds });
});

it.each(["999999999999s", "60", "P", "PT", "s", "1 minute", 60])("refuses the DURATION %o", (value) => {
  expect(() => read({ simple: "DURATION" }, value)).toThrow(/input "input": expected DURATION/);
});

it("reads files and tables by their address, or as they are printed", () => {
  const blob = read({ blob: {} }, "s3://a/b");
  expect(blob).toMatchObject({ kind: "blob", uri: "s3://a/b", dimensionality: "single" });
  expect(read({ blob: { dimensionality: "MULTIPART" } }, { kind: "blob", uri: "s3://a/" })).toMatchObject({
    uri: "s3://a/",
    dimensionality: "multipart",
  });
  const table = { kind: "structured_dataset", uri: "bq://p:d.t", format: "bigquery" };
  expect(read({ structuredDatasetType: {} }, table)).toMatchObject(table);
});

it("reads them inside lists, maps and unions", () => {
  expect(read({ collectionType: { simple: "DURATION" } }, ["1s"])).toMatchObject([{ seconds: 1 }]);
  expect(read({ mapValueType: { blob: {} } }, { a: "s3://a" })).toMatchObject({ a: { uri: "s3://a" } });
  const union = { unionType: { variants: [{ simple: "NONE" }, { simple: "DURATION" }] } };
  expect(read(union, "2s")).toMatchObject({ seconds: 2 });
  expect(read(union, null)).toBeNull();
  const orText = { unionType: { variants: [{ simple: "DURATION" }, { simple: "STRING" }] } };
  expect(read(orText, "2s")).toBe("2s");
});

it("leaves values that the SDK made as they are", () => {
  expect(read({ simple: "DURATION" }, duration({ seconds: 3 }))).toMatchObject({ seconds: 3 });
  expect(read({ blob: {} }, file("s3://a", { format: "csv", hash: "h" }))).toMatchObject({
    uri: "s3://a",
    format: "csv",
    hash: "h",
  });
  expect(read({ structuredDatasetType: {} }, structuredDataset("s3://t", { format: "parquet" }))).toMatchObject({
    format: "parquet",
  });
});
