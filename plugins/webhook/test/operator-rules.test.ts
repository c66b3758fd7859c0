import { createTestHost } from "@flyte-agent/testing";
import webhook from "flyte-agent-webhook";
import { describe, expect, it } from "vitest";
import { startServer } from "./start-server.ts";
import { stringInput, webhookTask } from "./webhook-task.ts";

const flyte = { flyte: 1 } as const;

describe("allowedHosts", () => {
  const options = { allowedHosts: ["127.0.0.1", "*.example.com"] };

  it("lets tasks call the hosts that it names", async () => {
    await using server = await startServer();
    await using host = await createTestHost(webhook, { options });
    expect(await host.do(webhookTask({ url: server.url }), flyte)).toMatchObject({ phase: "succeeded" });
  });

  it.each([
    ["another host", "http://localhost:1/"],
    ["the domain itself", "http://example.com/"],
    ["a name that only ends alike", "http://badexample.com/"],
    ["a user part that looks like a host", "http://a.example.com@other.test/"],
    ["a backslash", "http://other.test\\@a.example.com/"],
  ])("refuses %s", async (_, url) => {
    await using host = await createTestHost(webhook, { options });
    expect(await host.do(webhookTask({ url }), flyte)).toMatchObject({
      phase: "failed",
      message: expect.stringContaining("allowedHosts"),
    });
  });

  it("refuses a Host header, which could lead elsewhere", async () => {
    await using host = await createTestHost(webhook, { options });
    const task = webhookTask({ url: "http://a.example.com/", headers: { host: "other.test" } });
    expect(await host.do(task, flyte)).toMatchObject({ phase: "failed", message: expect.stringContaining("Host") });
  });
});

describe("denyPrivateNetworks", () => {
  const options = { denyPrivateNetworks: true };

  it.each([
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://10.1.2.3/",
  ])("refuses %s before anything is sent", async (url) => {
    await using host = await createTestHost(webhook, { options });
    expect(await host.do(webhookTask({ url }), flyte)).toMatchObject({
      phase: "failed",
      message: expect.stringContaining("denyPrivateNetworks"),
    });
  });

  it("refuses a name that stands for such an address", async () => {
    await using server = await startServer();
    await using host = await createTestHost(webhook, { options });
    const url = server.url.replace("127.0.0.1", "localhost");
    expect(await host.do(webhookTask({ url }), flyte)).toMatchObject({
      phase: "failed",
      message: expect.stringContaining("denyPrivateNetworks"),
    });
    expect(server.requests).toEqual([]);
  });
});

describe("addresses of metadata services", () => {
  const refusal = "the machine's own link or of a cloud's metadata service";

  it.each([
    "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token",
    "http://0xA9FEA9FE/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://metadata.google.internal/",
    "http://100.100.100.200/",
  ])("are refused: %s", async (url) => {
    await using host = await createTestHost(webhook);
    const task = webhookTask({ url, headers: { "Metadata-Flavor": "Google" } });
    const { phase, message } = await host.do(task, flyte);
    expect({ phase, message }).toEqual({ phase: "failed", message: expect.stringContaining(refusal) });
  });

  it("are refused where only a pattern of the operator's fits", async () => {
    await using host = await createTestHost(webhook, { options: { allowedHosts: ["*.google.internal"] } });
    const { message } = await host.do(webhookTask({ url: "http://metadata.google.internal/" }), flyte);
    expect(message).toContain("Only an operator can allow it, by naming it in allowedHosts");
  });

  it("are called where the operator names the very host", async () => {
    await using host = await createTestHost(webhook, { options: { allowedHosts: ["169.254.77.77"] } });
    // Nobody answers there: it is called all the same.
    const { message } = await host.do(webhookTask({ url: "http://169.254.77.77:9/", timeout_sec: 1 }), flyte);
    expect(message).not.toContain(refusal);
  });
});

describe("successStatuses", () => {
  const options = { successStatuses: [201, 204] };

  it.each([201, 204])("are those of tasks that name none: %i", async (status) => {
    await using server = await startServer((_, response) => response.writeHead(status).end());
    await using host = await createTestHost(webhook, { options });
    expect(await host.do(webhookTask({ url: server.url }), flyte)).toMatchObject({ phase: "succeeded" });
    expect(await host.do(webhookTask({ url: server.url, success_statuses: [200] }), flyte)).toMatchObject({
      phase: "failed",
    });
  });

  it("without the option only 200 is a success, as in flytekit", async () => {
    await using server = await startServer((_, response) => response.writeHead(201).end());
    await using host = await createTestHost(webhook);
    expect(await host.do(webhookTask({ url: server.url }), flyte)).toMatchObject({ phase: "failed" });
  });
});

describe("secrets", () => {
  const options = { secrets: { token: ["127.0.0.1"], path: ["127.0.0.1"] } };
  const secrets = { token: "hunter2", path: "T0/hunter3", other: "hunter4" };

  it("are filled in for the hosts that they are for, and never shown", async () => {
    // Echoes what it got, as some servers do in their errors.
    await using server = await startServer((request, response) => {
      response.end(`${request.url} ${request.headers.authorization}`);
    });
    await using host = await createTestHost(webhook, { options, secrets });
    const task = webhookTask({
      url: `${server.url}/{secrets.path}`,
      headers: { Authorization: "Bearer {secrets.token}" },
      show_url: true,
    });
    const { phase, outputs } = await host.do(task, flyte);
    expect(phase).toBe("succeeded");
    expect(server.requests).toMatchObject([{ path: "/T0/hunter3", headers: { authorization: "Bearer hunter2" } }]);
    expect(outputs).toEqual({
      info: { status_code: 200, response_data: "/*** Bearer ***", url: `${server.url}/***` },
    });
    expect(JSON.stringify(host.logRecords)).not.toMatch(/hunter/);
  });

  it("cannot be asked for by the value of an input", async () => {
    await using server = await startServer();
    await using host = await createTestHost(webhook, { options, secrets });
    const task = webhookTask(
      { url: server.url, headers: { A: "{inputs.s}", B: "{secrets.token}" } },
      { s: stringInput("{secrets.token}") },
    );
    await host.do(task, flyte);
    expect(server.requests[0]?.headers).toMatchObject({ a: "{secrets.token}", b: "hunter2" });
  });

  it.each<[string, object, string]>([
    ["are not offered", { headers: { A: "{secrets.other}" } }, 'the secret "other" is not one that tasks may use'],
    ["are those of an object", { headers: { A: "{secrets.constructor}" } }, 'the secret "constructor" is not one'],
    ["have no name", { headers: { A: "{secrets.}" } }, "custom.headers.A: got {secrets.} without a name"],
    [
      "go elsewhere",
      { url: "http://localhost:1/{secrets.token}" },
      'the secret "token" may not be sent to "localhost"',
    ],
    ["make the host", { url: "http://{secrets.token}/" }, 'may not be sent to "***"'],
    ["are in data", { data: { a: "{secrets.token}" } }, "secrets.token"],
    ["come with a Host header", { headers: { A: "{secrets.token}", Host: "x" } }, "custom.headers.Host"],
  ])("are refused if they %s", async (_, custom, problem) => {
    await using server = await startServer();
    await using host = await createTestHost(webhook, { options, secrets });
    expect(await host.do(webhookTask({ url: server.url, ...custom }), flyte)).toMatchObject({
      phase: "failed",
      message: expect.stringContaining(problem),
    });
    expect(server.requests).toEqual([]);
  });

  it("are named if they are nowhere", async () => {
    await using host = await createTestHost(webhook, { options });
    const task = webhookTask({ url: "http://127.0.0.1:1/", headers: { A: "{secrets.token}" } });
    await expect(host.do(task, flyte)).rejects.toMatchObject({ rawMessage: expect.stringContaining('"token"') });
  });
});

describe("an option", () => {
  it.each<[object, string]>([
    [{ allowedHosts: ["https://example.com"] }, "expected a host name such as"],
    [{ allowedHosts: "example.com" }, "expected a list of host names"],
    [{ maxResponseBytes: 0 }, "expected a whole number from 1 to 3145728"],
    [{ maxTimeoutSec: 0.5 }, "expected a whole number from 1 to 604800"],
    [{ secrets: ["token"] }, "expected an object"],
    [{ denyPrivateNetwork: true }, "denyPrivateNetworks"],
  ])("is refused where it is wrong: %j", async (options, problem) => {
    await expect(createTestHost(webhook, { options: { ...options } })).rejects.toThrow(problem);
  });
});
