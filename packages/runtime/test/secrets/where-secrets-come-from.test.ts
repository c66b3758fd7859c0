import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecrets } from "@flyte-agent/runtime";
import { expect, onTestFinished, test } from "vitest";
import { connect, template, template2 } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

function secretsDirectory(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "flyte-agent-secrets-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

test("the call's connection comes first, then the environment, then files, then the plain variable", async () => {
  const environment = {
    FLYTE_SECRETS_DEFAULT_DIR: secretsDirectory({ from_file: "file\n", both: "file", vendor_token: "file" }),
    _FSEC_BOTH: "variable",
    _FSEC_VENDOR_TOKEN: "variable",
    PLAIN: "plain",
    FROM_FILE: "plain",
  };
  const secrets = createSecrets({ vendor_token: "sent" }, { environment });
  expect(await secrets.get("vendor_token")).toBe("sent");
  expect(await secrets.get("both")).toBe("variable");
  expect(await secrets.get("from_file")).toBe("file");
  expect(await secrets.get("plain")).toBe("plain");
  expect(await secrets.find("nothing")).toBeUndefined();
});

test("prefixes can be moved as with flytekit", async () => {
  const directory = secretsDirectory({ "secret-token": "file" });
  const environment = {
    FLYTE_SECRETS_DEFAULT_DIR: directory,
    FLYTE_SECRETS_FILE_PREFIX: "secret-",
    FLYTE_SECRETS_ENV_PREFIX: "MY_",
    MY_OTHER: "variable",
  };
  const secrets = createSecrets({}, { environment });
  expect(await secrets.get("token")).toBe("file");
  expect(await secrets.get("other")).toBe("variable");
});

test("a secret that is nowhere names the places, and a blank one is none", async () => {
  const environment = { FLYTE_SECRETS_DEFAULT_DIR: secretsDirectory({ blank: " \n" }), _FSEC_EMPTY: " " };
  const secrets = createSecrets({ gone: "" }, { environment });
  for (const name of ["blank", "empty", "gone"]) expect(await secrets.find(name)).toBeUndefined();
  await expect(secrets.get("Token")).rejects.toMatchObject({
    code: "secret_not_found",
    message:
      'secret "Token" was not found in the call\'s connection (Flyte 2), the environment (_FSEC_TOKEN, TOKEN), ' +
      "the secrets directory (file token)",
  });
});

test("a name does not lead out of the secrets directory", async () => {
  const directory = secretsDirectory({});
  const environment = { FLYTE_SECRETS_DEFAULT_DIR: join(directory, "inner") };
  writeFileSync(join(directory, "outside"), "secret");
  const secrets = createSecrets({}, { environment });
  for (const name of ["../outside", "..", ".", "a/../../outside", "/etc/hostname", "__proto__", "toString"]) {
    expect(await secrets.find(name)).toBeUndefined();
  }
});

test("an agent gets the environment's secret in Flyte 1 and the connection's in Flyte 2", async () => {
  const { port, events } = await serve({ environment: { _FSEC_VENDOR_TOKEN: "from the environment" } });
  const { agent, connector } = connect(port);
  const first = once(events, "create");
  await agent.createTask({ template: template("job") });
  expect(await (await first)[0].context.secrets.get("vendor_token")).toBe("from the environment");
  const second = once(events, "create");
  await connector.createTask({ template: template2("job"), connection: { secrets: { vendor_token: "sent" } } });
  expect(await (await second)[0].context.secrets.get("vendor_token")).toBe("sent");
});
