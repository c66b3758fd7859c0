import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** Runs a call twice in a Node of its own (Vitest keeps failed imports): first without a package, then with it. */
async function callTwice(missing: string, call: string): Promise<unknown> {
  const script = `
    import { registerHooks } from "node:module";
    import { createAwsIdentity } from ${JSON.stringify(new URL("../dist/s3/aws-identity.js", import.meta.url).href)};
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

it("asks AWS for credentials through the proxy of the environment, and says why it could not", async () => {
  const asked: string[] = [];
  await using proxy = createServer().listen(0, "127.0.0.1");
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo; // a server on a port has one
  const script = `
    import { createAwsIdentity } from ${JSON.stringify(new URL("../dist/s3/aws-identity.js", import.meta.url).href)};
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const identity = createAwsIdentity({ anonymous: false, region: "eu-north-1" }, quiet);
    console.log(await identity.credentials(new AbortController().signal).catch(({ message }) => message));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    env: {
      AWS_CONFIG_FILE: "/nowhere/config",
      AWS_SHARED_CREDENTIALS_FILE: "/nowhere/credentials",
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/sensor",
      AWS_WEB_IDENTITY_TOKEN_FILE: fileURLToPath(import.meta.url),
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NODE_USE_ENV_PROXY: "1",
    },
  });
  expect(new Set(asked)).toEqual(new Set(["sts.eu-north-1.amazonaws.com:443"]));
  expect(stdout).toBe("AWS credentials could not be fetched just now (ERR_PROXY_TUNNEL)\n");
});
