import { expect, it } from "vitest";
import { parseFileLocation } from "../dist/files/file-location.js";

it.each([
  ["/data/a b.csv", { kind: "local", path: "/data/a b.csv" }],
  ["file:///data/a%20b.csv", { kind: "local", path: "/data/a%20b.csv" }],
  ["s3://bucket/key", { kind: "s3", bucket: "bucket", key: "key" }],
  ["S3A://bucket/a/b c?d#e", { kind: "s3", bucket: "bucket", key: "a/b c?d#e" }],
  ["s3://bucket/directory/", { kind: "s3", bucket: "bucket", key: "directory" }],
  ["s3://bucket//key", { kind: "s3", bucket: "bucket", key: "/key" }],
  ["s3://bucket", { kind: "s3", bucket: "bucket", key: "" }],
  ["s3://bucket/", { kind: "s3", bucket: "bucket", key: "" }],
])("reads %s", (path, location) => {
  expect(parseFileLocation(path)).toEqual(location);
});

it.each([
  ["", "is empty"],
  [" \n", "is empty"],
  ["/a\0b", "character"],
  ["s3://bucket/\ud800", "character"],
  ["s3://", "has no bucket"],
  ["s3:///key", "has no bucket"],
  ["s3://b/key", "bucket name"],
  ["s3://user:password@bucket/key", "bucket name"],
])("refuses %j and says what is supported", (path, problem) => {
  const read = (): unknown => parseFileLocation(path);
  expect(read).toThrow(
    expect.objectContaining({
      code: "invalid_input",
      message: expect.stringContaining(problem),
    }),
  );
  expect(read).not.toThrow(/password/);
});

it.each([
  ["data/a.csv", "relative path"],
  ["bucket/key", "relative path"],
  ["file://data/a.csv", "relative path"],
  ["s3://bucket/../other/key", "as a part of the key"],
  ["s3://bucket/a/./b", "as a part of the key"],
  ["gs://bucket/key", '"gs://" is not supported'],
  ["abfss://container@account.dfs.core.windows.net/key", '"abfss://" is not supported'],
  ["https://user:password@example.com/", '"https://" is not supported'],
])("leaves %j to others, and says what is supported", (path, problem) => {
  const location = parseFileLocation(path);
  expect(location).toEqual({ kind: "unserved", problem: expect.stringContaining(problem) });
  expect(JSON.stringify(location)).not.toContain("password");
});
