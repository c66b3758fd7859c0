import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { s3OptionKeys, sensorOptionKeys } from "../dist/options/options.js";

it("lists every option in the README, and no other", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const listed = [...readme.matchAll(/^\| `([\w.]+)` *\|/gm)].map(([, name]) => name);
  const known = [...sensorOptionKeys.filter((key) => key !== "s3"), ...s3OptionKeys.map((key) => `s3.${key}`)];
  expect(listed).toEqual(known);
});
