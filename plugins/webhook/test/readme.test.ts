import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { webhookOptionKeys } from "../dist/options/options.js";

it("lists every option in the README, and no other", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, options = ""] = readme.split("## Options");
  const listed = [...options.matchAll(/^\| `([\w.]+)` *\|/gm)].map(([, name]) => name);
  expect(listed).toEqual(webhookOptionKeys);
});
