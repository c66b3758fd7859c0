import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** Runs a call twice in a Node of its own (Vitest keeps failed imports): first without a package, then with it. */
async function callTwice(missing: string, call: string): Promise<unknown> {
  const script = `
    import { registerHooks } from "node:module";
    import { createAwsIdentity } from ${JSON.stringify(new URL("../dist/aws-identity.js", import.meta.url).href)};
    const hooks = registerHooks({
      resolve(specifier, context, next) {
        if (specifier === ${JSON.stringify(missing)}) throw new Error("gone");
        return next(specifier, context);
      },
    });
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const { signal } = new AbortController();
    const identity = createAwsIdentity({ anonymous: false }, quiet);
    const first = await ${call}.catch(({ code }) => code);
    hooks.deregister();
    const second = await ${call}.catch(String);
    console.log(JSON.stringify([first, second]));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    env: { AWS_ACCESS_KEY_ID: "LATER", AWS_SECRET_ACCESS_KEY: "hush", AWS_CONFIG_FILE: "/nowhere/config" },
  });
  return JSON.parse(stdout);
}

it.each([
  ["@aws-sdk/credential-provider-node", "identity.credentials(signal)", { accessKeyId: "LATER" }],
  ["@smithy/core/config", "identity.region()", "us-east-1"],
])("tries again after %s could not be loaded", async (missing, call, found) => {
  const later = typeof found === "string" ? found : expect.objectContaining(found);
  expect(await callTwice(missing, call)).toEqual(["vendor_unavailable", later]);
});
