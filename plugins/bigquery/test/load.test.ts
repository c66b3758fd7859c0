import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("loads google-auth-library only when it is first needed", async () => {
  const entry = new URL("../dist/index.js", import.meta.url);
  // What CommonJS modules are loaded, the library's among them, shows in the cache of require.
  const program = `await import(${JSON.stringify(entry.href)});
    const { createRequire } = await import("node:module");
    console.log(Object.keys(createRequire(${JSON.stringify(entry.href)}).cache).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  expect(stdout.trim()).toBe("0");
});
