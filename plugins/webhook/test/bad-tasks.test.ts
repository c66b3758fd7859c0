import { createTestHost } from "@flyte-agent/testing";
import webhook from "flyte-agent-webhook";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startServer, type TestServer } from "./start-server.ts";
import { stringInput, webhookTask } from "./webhook-task.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  expect(server.requests).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const placeholder = { s: stringInput("va\r\nlue") };

it.each<[string, object, string, object?]>([
  ["no url", { url: undefined }, "custom.url: is missing"],
  [
    "a url that is no text",
    { url: 5 },
    "custom.url: is a number that does not fit: expected the address to call, for example https://example.com/hook",
  ],
  ["an empty url", { url: "" }, "custom.url: got an empty text"],
  ["a relative url", { url: "/hook" }, "custom.url: got an address without a scheme"],
  ["a url without scheme", { url: "localhost:80/hook" }, "custom.url: got an address without a scheme"],
  ["another scheme", { url: "ftp://user:hunter2@h/" }, 'custom.url: got an address with the scheme "ftp"'],
  ["no host", { url: "http:///path" }, "custom.url: got an address without a host"],
  ["a port that cannot be", { url: "http://h:99999/?hunter2" }, "custom.url: got an address with a host or port"],
  ["a bad escape in the user", { url: "http://hunter2%zz@h/" }, "custom.url: got an address whose user part"],
  ["a url with a line break", { url: "http://h/\nx" }, "custom.url: got a string with control characters"],
  [
    "an input that breaks the url",
    { url: "http://h/{inputs.s}" },
    "custom.url: got a string with control",
    placeholder,
  ],
  ["an input that is no address", { url: "{inputs.s}" }, "custom.url: got an", { s: stringInput("hunter2") }],
  ["an unknown input", { url: "http://h/{inputs.other}" }, 'input "other"', placeholder],
  ["an input without value", { data: { a: "{inputs.s}" } }, 'input "s"', { s: { type: { simple: "STRING" } } }],
  ["a placeholder of something else", { data: { a: "{foo.bar}" } }, "{foo.bar}"],
  ["a method that is none", { method: "PUT" }, "custom.method: is a string that does not fit: expected GET or POST"],
  ["a method that is no text", { method: 1 }, "custom.method: is a number that does not fit: expected GET or POST"],
  ["headers that are none", { headers: ["hunter2"] }, "custom.headers: is a list that does not fit"],
  [
    "a header that is an object",
    { headers: { A: { b: "hunter2" } } },
    "custom.headers.A: is an object that does not fit",
  ],
  ["a header name with a space", { headers: { "a b": "hunter2" } }, 'custom.headers: got the name "a b"'],
  ["a header name that is empty", { headers: { "": "hunter2" } }, 'custom.headers: got the name ""'],
  [
    "a header with a line break",
    { headers: { A: "hunter2\r\nB: c" } },
    "custom.headers.A: got a string with a line break",
  ],
  [
    "an input that breaks a header",
    { headers: { A: "{inputs.s}" } },
    "custom.headers.A: got a string with",
    placeholder,
  ],
  ["a header outside ASCII", { headers: { A: "hunter2 é" } }, "custom.headers.A: got a string with a line break"],
  ["a header of the connection", { headers: { "Content-LENGTH": "1" } }, "custom.headers.Content-LENGTH: is set by"],
  ["a query that is none", { method: "GET", data: ["hunter2"] }, "custom.data: is a list that does not fit"],
  [
    "NaN in data",
    { data: { a: "{inputs.f}" } },
    "custom.data",
    { f: { type: { simple: "FLOAT" }, value: Number.NaN } },
  ],
  [
    "a time-out of zero",
    { timeout_sec: 0 },
    "custom.timeout_sec: is a number that does not fit: expected a number of seconds above 0",
  ],
  ["a time-out that is a string", { timeout_sec: "hunter2" }, "custom.timeout_sec: is a string that does not fit"],
  [
    "a flag that is none",
    { show_url: "yes" },
    "custom.show_url: is a string that does not fit: expected true or false",
  ],
  [
    "statuses that are none",
    { success_statuses: [200, "201"] },
    "custom.success_statuses[1]: is a string that does not fit: expected an HTTP status",
  ],
  [
    "statuses that are no list",
    { retry_statuses: 503 },
    "custom.retry_statuses: is a number that does not fit: expected a list of HTTP statuses",
  ],
])("refuses a task with %s before anything is sent", async (_, custom, problem, inputs = {}) => {
  await using host = await createTestHost(webhook);
  const task = webhookTask({ url: server.url, ...custom }, inputs as Parameters<typeof webhookTask>[1]);
  for (const flyte of [1, 2] as const) {
    const refusal = await host.run(task, { flyte });
    expect(refusal).toMatchObject({ phase: "failed", message: expect.stringContaining(problem) });
    expect(JSON.stringify(refusal)).not.toContain("hunter2");
  }
  expect(JSON.stringify(host.logRecords)).not.toContain("hunter2");
});
