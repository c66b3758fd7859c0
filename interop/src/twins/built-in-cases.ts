import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "@bufbuild/protobuf";
import { decode } from "@msgpack/msgpack";
import type { AgentClient } from "./agent-client.ts";
import type { Clients, CrossOverCase } from "./cross-over-case.ts";
import { type Facts, under } from "./facts.ts";
import { primitive, types } from "./flyte-types.ts";
import { type FlytekitFixture, readFlytekitFixture } from "./flytekit-fixture.ts";
import { aboutJob, encodeTemplate, literalMap, outputPrefix } from "./twin-task.ts";
import { type ReceivedRequest, startWebhookReceiver } from "./webhook-receiver.ts";

/** What a webhook task's `custom` may hold beside what every one has. */
type Webhook = JsonObject & { readonly path: string };

/** flytekit's own sensor and webhook connectors against our plugins, with the same templates. */
export const builtInCases: readonly CrossOverCase[] = [
  sensor("sensor/created and polled by ours", "ours", "ours"),
  sensor("sensor/created by theirs, polled by ours", "theirs", "ours"),
  sensor("sensor/created by ours, polled by theirs", "ours", "theirs"),

  ...["webhook-get", "webhook-post", "webhook-hidden", "webhook-not-found"].map((name) =>
    webhook(`webhook/flytekit's task ${name}`, (base) => readFlytekitFixture(name, { base })),
  ),
  called("webhook/answer is JSON", { path: "/json" }),
  called("webhook/answer is Latin-1", { path: "/latin" }),
  called("webhook/answer is empty", { path: "/empty" }),
  called("webhook/answer of 2 MiB", { path: "/large" }),
  called("webhook/status 201", { path: "/status/201" }),
  called("webhook/status 204", { path: "/status/204" }),
  called("webhook/status 302", { path: "/status/302" }),
  called("webhook/status 400", { path: "/status/400" }),
  called("webhook/status 429", { path: "/status/429" }),
  called("webhook/status 500", { path: "/status/500" }),
  called("webhook/status 503", { path: "/status/503" }),
  called("webhook/connection is cut", { path: "/cut" }),
  called("webhook/slower than timeout_sec", { path: "/slow", timeout_sec: 1 }),
  called("webhook/GET without data", { path: "/", method: "GET", data: null }),
  called("webhook/GET with an address that has a query", { path: "/?a=1", method: "GET", data: { b: "2" } }),
  called("webhook/method in lower case", { path: "/", method: "get" }),
  called("webhook/method PUT", { path: "/", method: "PUT" }),
  called("webhook/data is a list", { path: "/", data: [1, "two"] }),
  called("webhook/data is a text", { path: "/", data: "text" }),
  called("webhook/input within data", { path: "/", data: { whole: "{inputs.word}", within: "<{inputs.word}>" } }),
  called("webhook/input that is not there", { path: "/", data: { a: "{inputs.other}" } }),
  called("webhook/braces that are no placeholder", { path: "/", data: { a: "{}", b: "{{inputs.word}}", c: "{x}" } }),
  called("webhook/shows data and address", { path: "/", show_data: true, show_url: true }),
  webhook(
    "webhook/names of all headers",
    async (url) => taskOf({ url, method: "POST", data: {} }),
    ({ headerNames }) => ({ headers: headerNames.join(", ") }),
  ),
  webhook("webhook/without url", async () => taskOf({})),
  webhook("webhook/url without scheme", async () => taskOf({ url: "example.invalid/x" })),
  webhook("webhook/url of another scheme", async () => taskOf({ url: "ftp://127.0.0.1/x" })),
  webhook("webhook/nobody listens", async () => taskOf({ url: "http://127.0.0.1:1/" })),
];

function sensor(name: string, from: keyof Clients, to: keyof Clients): CrossOverCase {
  return {
    name,
    only: "1",
    async ask(clients, { vendorFolder }) {
      const live = async (creator: AgentClient, follower: AgentClient): Promise<Facts> => {
        const path = join(vendorFolder, randomUUID());
        const task = await readFlytekitFixture("sensor-file", { path });
        const { job, facts } = await creator.create({ ...task, outputPrefix });
        const about = { ...aboutJob(job, { type: "sensor" }), outputPrefix };
        const told: Record<string, string> = { ...withoutPath(under("create", facts), path) };
        const poll = async (as: string): Promise<void> => {
          Object.assign(told, withoutPath(under(as, (await follower.get(about)).facts), path));
        };
        await poll("before the file is there");
        await poll("still before");
        await writeFile(path, "");
        await poll("after");
        Object.assign(told, under("delete", (await follower.delete(about)).facts));
        return told;
      };
      return {
        theirs: await live(clients.theirs, clients.theirs),
        ours: await live(clients[from], clients[to]),
      };
    },
  };
}

function withoutPath(facts: Facts, path: string): Facts {
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, value.replaceAll(path, "PATH")]));
}

function called(name: string, { path, ...custom }: Webhook): CrossOverCase {
  return webhook(name, async (base) =>
    taskOf({ url: `${base}${path}`, method: "POST", headers: { "x-case": "1" }, data: { a: "b" }, ...custom }),
  );
}

/** A webhook task as flytekit writes it, but for what its own class would not let through. */
function taskOf(custom: JsonObject): FlytekitFixture {
  return {
    template: encodeTemplate({
      type: "webhook",
      custom: { show_data: false, show_url: false, timeout_sec: 10, ...custom },
      interface: {
        inputs: { variables: { word: { type: types.string } } },
        outputs: { variables: { info: { type: types.struct } } },
      },
    }),
    inputs: literalMap({ word: primitive({ case: "stringValue", value: "Größe 💥" }) }),
  };
}

function webhook(
  name: string,
  task: (base: string) => Promise<FlytekitFixture>,
  factsOfRequest: (request: ReceivedRequest) => Facts = whatItSays,
): CrossOverCase {
  const ask = async (client: AgentClient): Promise<Facts> => {
    await using receiver = await startWebhookReceiver();
    const { template, inputs } = await task(receiver.address);
    const { facts } = await client.executeSync([
      { part: { case: "header", value: { template, outputPrefix } } },
      { part: { case: "inputs", value: inputs } },
    ]);
    const told = { ...withInfo(facts), ...requestFacts(receiver.requests, factsOfRequest) };
    return Object.fromEntries(
      Object.entries(told).map(([path, value]) => [path, value.replaceAll(new URL(receiver.address).host, "RECEIVER")]),
    );
  };
  return { name, only: "1", ask: async ({ theirs, ours }) => ({ theirs: await ask(theirs), ours: await ask(ours) }) };
}

const infoPath = "0.header.resource.outputs.literals.info.scalar.binary.value";

// The output `info` is msgpack: shown by its members.
function withInfo(facts: Facts): Facts {
  const { [infoPath]: encoded, ...others } = facts;
  if (encoded === undefined) return facts;
  // flytekit's connector answers a dict.
  const info = decode(Buffer.from(JSON.parse(encoded), "base64")) as Readonly<Record<string, unknown>>;
  const members = Object.entries(info).map(([key, value]) => [`info.${key}`, shown(value)] as const);
  return { ...others, "info has": Object.keys(info).join(", "), ...Object.fromEntries(members) };
}

// Python's Struct has its keys in another order each time.
function shown(value: unknown): string {
  return JSON.stringify(value, sorted);
}

function requestFacts(
  requests: readonly ReceivedRequest[],
  factsOfRequest: (request: ReceivedRequest) => Facts,
): Facts {
  return Object.assign({}, ...requests.map((request, index) => under(`request ${index}`, factsOfRequest(request))));
}

function whatItSays({ method, path, query, headers, body }: ReceivedRequest): Facts {
  return {
    line: `${method} ${path} ${query.join("&")}`,
    headers: JSON.stringify(Object.entries(headers).sort(byKey)),
    body: canonical(body),
  };
}

// White space and the order of keys say nothing.
function canonical(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body, sorted));
  } catch {
    return body;
  }
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(byKey));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
