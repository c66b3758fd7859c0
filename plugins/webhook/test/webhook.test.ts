import { createTestHost, describeAgentContract } from "@flyte-agent/testing";
import webhook from "flyte-agent-webhook";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { startServer } from "./start-server.ts";
import { stringInput, webhookTask } from "./webhook-task.ts";

const flyte = { flyte: 1 } as const;

// Started here and not in `beforeAll`: the contract's task names its address.
const server = await startServer((request, response) => {
  const [, path, argument] = /^\/(\w*)\/?(\w*)/.exec(request.url ?? "") ?? [];
  if (path === "status") response.writeHead(Number(argument), { location: "/followed" });
  response.end(path === "status" ? "the answer" : "ok");
});

afterAll(() => server[Symbol.asyncDispose]());

afterEach(() => vi.unstubAllEnvs());

describeAgentContract({
  plugin: webhook,
  kind: "sync",
  task: webhookTask({ url: `${server.url}/{inputs.s}` }, { s: stringInput("x") }),
  requiredCustomKeys: ["url"],
});

describe("a POST", () => {
  it("sends data as JSON and answers as flytekit does", async () => {
    await using host = await createTestHost(webhook);
    const task = webhookTask(
      {
        url: `${server.url}/items/{inputs.id}?kept=1`,
        data: { text: "run of {inputs.s}", id: "{inputs.id}", é: ["{inputs.ok}", null, 1.5, "{inputs.change}"] },
        show_data: true,
        show_url: true,
      },
      {
        s: stringInput("ünï"),
        id: { type: { simple: "INTEGER" }, value: 9007199254740993n },
        ok: { type: { simple: "BOOLEAN" }, value: true },
        change: { type: { simple: "FLOAT" }, value: -0 },
      },
    );
    expect(await host.do(task, flyte)).toMatchObject({
      phase: "succeeded",
      message: "Webhook was successfully invoked!",
      outputs: {
        info: {
          status_code: 200,
          response_data: "ok",
          input_data: { text: "run of ünï", id: 9007199254740993n, é: [true, null, 1.5, -0] },
          url: `${server.url}/items/9007199254740993?kept=1`,
        },
      },
    });
    expect(server.requests.at(-1)).toMatchObject({
      method: "POST",
      path: "/items/9007199254740993?kept=1",
      headers: { "content-type": "application/json", accept: "*/*" },
      body: '{"text":"run of ünï","id":9007199254740993,"é":[true,null,1.5,-0.0]}',
    });
  });

  it("shows neither data nor url unless it is asked to", async () => {
    await using host = await createTestHost(webhook);
    const { outputs } = await host.do(webhookTask({ url: server.url }), flyte);
    expect(outputs).toEqual({ info: { status_code: 200, response_data: "ok" } });
    expect(server.requests.at(-1)).toMatchObject({ method: "POST", body: "{}" });
  });

  it("is the default, and sends no body without data", async () => {
    await using host = await createTestHost(webhook);
    const task = { type: "webhook", interface: webhookTask({}).interface, custom: { url: server.url }, inputs: {} };
    expect(await host.do(task, flyte)).toMatchObject({ phase: "succeeded" });
    const seen = server.requests.at(-1);
    expect(seen).toMatchObject({ method: "POST", body: "", headers: { "content-length": "0" } });
    expect(seen?.headers).not.toHaveProperty("content-type");
  });

  it("carries an idempotency key that the task may replace", async () => {
    await using host = await createTestHost(webhook);
    await host.do(webhookTask({ url: server.url }), flyte);
    expect(server.requests.at(-1)?.headers["idempotency-key"]).toMatch(/^[0-9a-f]{64}$/);
    await host.do(webhookTask({ url: server.url, headers: { "idempotency-KEY": "mine" } }), flyte);
    expect(server.requests.at(-1)?.headers["idempotency-key"]).toBe("mine");
  });

  it("needs no declared output", async () => {
    await using host = await createTestHost(webhook);
    const task = { type: "webhook", custom: { url: server.url }, inputs: {} };
    expect(await host.do(task, flyte)).toMatchObject({ phase: "succeeded" });
  });
});

describe("a GET", () => {
  it("sends data as query", async () => {
    await using host = await createTestHost(webhook);
    const data = { q: "a b&{inputs.s}", flag: true, none: null, list: [1, "x"], nested: { a: true } };
    const task = webhookTask({ url: `${server.url}/?own=1&q=replaced`, method: "get", data }, { s: stringInput("é") });
    expect(await host.do(task, flyte)).toMatchObject({ phase: "succeeded" });
    expect(server.requests.at(-1)).toMatchObject({
      method: "GET",
      path: "/?own=1&q=a+b%26%C3%A9&flag=true&none=&list=1&list=x&nested=%7B%27a%27%3A+True%7D",
      body: "",
    });
    expect(server.requests.at(-1)?.headers).not.toHaveProperty("idempotency-key");
  });

  it("keeps the url's own query without data", async () => {
    await using host = await createTestHost(webhook);
    await host.do(webhookTask({ url: `${server.url}/a%20b?x=%41&y`, method: "GET" }), flyte);
    expect(server.requests.at(-1)?.path).toBe("/a%20b?x=%41&y");
  });
});

describe("headers", () => {
  it("are printed as Python prints their values", async () => {
    await using host = await createTestHost(webhook);
    const task = webhookTask(
      {
        url: server.url,
        headers: {
          "X-Bool": "{inputs.b}",
          "X-Float": "{inputs.f}",
          "X-Text": "n={inputs.i}",
          "X-Number": 3,
          "X-Flag": true,
        },
      },
      {
        b: { type: { simple: "BOOLEAN" }, value: false },
        f: { type: { simple: "FLOAT" }, value: 2 },
        i: { type: { simple: "INTEGER" }, value: 7 },
      },
    );
    expect(await host.do(task, flyte)).toMatchObject({ phase: "succeeded" });
    expect(server.requests.at(-1)?.headers).toMatchObject({
      "x-bool": "False",
      "x-float": "2.0",
      "x-text": "n=7",
      "x-number": "3",
      "x-flag": "True",
    });
  });

  it("of the task win over ours", async () => {
    await using host = await createTestHost(webhook);
    const headers = { "content-type": "application/x", "user-agent": "me", Host: "other.example" };
    await host.do(webhookTask({ url: server.url, headers }), flyte);
    expect(server.requests.at(-1)?.headers).toMatchObject({
      "content-type": "application/x",
      "user-agent": "me",
      host: "other.example",
    });
  });

  it("take user and password from the url", async () => {
    await using host = await createTestHost(webhook);
    await host.do(webhookTask({ url: server.url.replace("//", "//us%40er:pass@") }), flyte);
    expect(server.requests.at(-1)?.headers.authorization).toBe(`Basic ${btoa("us@er:pass")}`);
  });
});

describe("a status", () => {
  it.each([201, 204, 302, 307, 404, 500, 599, 799])("other than 200 fails the task for good: %i", async (status) => {
    await using host = await createTestHost(webhook);
    const before = server.requests.length;
    expect(await host.do(webhookTask({ url: `${server.url}/status/${status}` }), flyte)).toMatchObject({
      phase: "failed",
      message: `Webhook failed with status code ${status}, response: ${status === 204 ? "" : "the answer"}`,
    });
    // Nothing was followed.
    expect(server.requests).toHaveLength(before + 1);
  });

  it.each([408, 425, 429, 502, 503, 504])("that asks to come back later lets Flyte retry: %i", async (status) => {
    await using host = await createTestHost(webhook);
    expect(await host.do(webhookTask({ url: `${server.url}/status/${status}` }), flyte)).toMatchObject({
      phase: "retryable_failed",
      message: `Webhook failed with status code ${status}, response: the answer`,
    });
  });

  it("means what the task says", async () => {
    await using host = await createTestHost(webhook);
    const statuses = { success_statuses: [201, 404], retry_statuses: [500] };
    const phaseOf = async (status: number): Promise<string> =>
      (await host.do(webhookTask({ url: `${server.url}/status/${status}`, ...statuses }), flyte)).phase;
    expect(await phaseOf(201)).toBe("succeeded");
    expect(await phaseOf(404)).toBe("succeeded");
    expect(await phaseOf(200)).toBe("failed");
    expect(await phaseOf(503)).toBe("failed");
    expect(await phaseOf(500)).toBe("retryable_failed");
  });
});

it("runs for Flyte 2 as well", async () => {
  await using host = await createTestHost(webhook);
  const task = webhookTask({ url: `${server.url}/{inputs.s}` }, { s: stringInput("two") });
  expect(await host.run(task, { flyte: 2 })).toMatchObject({
    phase: "succeeded",
    outputs: { info: { status_code: 200, response_data: "ok" } },
  });
});

describe("a proxy of the environment", () => {
  it.each([
    ["is used if Node is told to", "1", {}, "http://hook.invalid/path"],
    ["is not used unless Node is told to", "", {}, undefined],
    ["is not used if private networks are denied", "1", { denyPrivateNetworks: true }, undefined],
  ])("%s", async (_, flag, options, path) => {
    vi.stubEnv("NODE_USE_ENV_PROXY", flag);
    vi.stubEnv("HTTP_PROXY", server.url);
    vi.stubEnv("NO_PROXY", "");
    await using host = await createTestHost(webhook, { options });
    const before = server.requests.length;
    const { phase } = await host.do(webhookTask({ url: "http://hook.invalid/path" }), flyte);
    expect(phase).toBe(path === undefined ? "retryable_failed" : "succeeded");
    expect(server.requests[before]?.path).toBe(path);
  });
});
