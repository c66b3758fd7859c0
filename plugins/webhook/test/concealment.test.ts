import { createTestHost } from "@flyte-agent/testing";
import webhook from "flyte-agent-webhook";
import { expect, it } from "vitest";
import { startServer } from "./start-server.ts";
import { webhookTask } from "./webhook-task.ts";

const token = 'p@ss word1"';
const offered = { secrets: { token: ["127.0.0.1"] } };

it.each(["/h?t={secrets.token}", "/x/{secrets.token}/y"])("conceals an echoed address: %s", async (path) => {
  await using server = await startServer((request, response) => void response.end(request.url));
  await using host = await createTestHost(webhook, { options: offered, secrets: { token } });
  for (const method of ["GET", "POST"]) {
    const task = webhookTask({ url: server.url + path, method, data: method === "GET" ? { a: 1 } : {} });
    const { outputs } = await host.do(task, { flyte: 1 });
    expect(outputs).toMatchObject({ info: { response_data: expect.stringContaining("***") } });
    expect(JSON.stringify(outputs)).not.toContain("word");
  }
});

it("conceals an echoed user part, and other spellings", async () => {
  await using server = await startServer((request, response) => {
    response.end([request.headers.authorization, encodeURIComponent(token), JSON.stringify(token)].join("\n"));
  });
  await using host = await createTestHost(webhook, { options: offered, secrets: { token } });
  const url = server.url.replace("//", "//me:{secrets.token}@");
  const { outputs } = await host.do(webhookTask({ url }), { flyte: 1 });
  const text = (outputs as { info: { response_data: string } }).info.response_data;
  expect(text).toMatch(/^Basic \*\*\*=*\n\*\*\*\n"\*\*\*"$/);
});

it("conceals a secret that the limit cuts in two", async () => {
  const long = "abcdefghijklmnopqrstuvwxyz";
  await using server = await startServer((_, response) => void response.end(`${long} 1234567890 ${long} and more`));
  await using host = await createTestHost(webhook, {
    options: { ...offered, maxResponseBytes: 50 },
    secrets: { token: long },
  });
  const task = webhookTask({ url: server.url, headers: { A: "{secrets.token}" } });
  expect(await host.do(task, { flyte: 1 })).toMatchObject({
    outputs: { info: { response_data: expect.stringMatching(/^\*\*\* 1234567890 \*\*\*\n\[cut here/) } },
  });
});
