import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import type { CreateContext, Task } from "@flyte-agent/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Clients, connect, failureOf, refusalOf, template2 } from "../fixtures/clients.ts";
import {
  echoTemplate,
  encoded,
  integer,
  integersType,
  integerType,
  type LiteralInit,
  list,
  map,
  offloaded,
  type TypeInit,
  union,
} from "../fixtures/input-literals.ts";
import { type Served, type Serving, serve } from "../fixtures/serve.ts";
import { startHttp } from "../fixtures/start-http.ts";
import { s3rverCredentials, startS3, type TestS3 } from "../fixtures/start-s3.ts";

let s3: TestS3;
const bucket = "flyte-data";

beforeAll(async () => {
  s3 = await startS3({ buckets: [bucket, "private"] });
});

afterAll(() => s3[Symbol.asyncDispose]());

const keys = {
  AWS_ACCESS_KEY_ID: s3rverCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3rverCredentials.secretAccessKey,
};

interface LoadingServer extends Served {
  readonly clients: Clients;
  /** What the agent was given. */
  readonly tasks: readonly Task[];
}

async function serveWith(
  { allow = [`s3://${bucket}`], maxBytes = 1_000_000, maxLiterals = 1_000, endpoint = s3.endpoint } = {},
  serving: Serving = {},
): Promise<LoadingServer> {
  const served = await serve({
    inputs: { maxLiterals, offloaded: { allow, maxBytes } },
    environment: { ...keys, AWS_ENDPOINT_URL: endpoint },
    ...serving,
  });
  const tasks: Task[] = [];
  served.events.on("do", ({ task }: { task: Task; context: CreateContext }) => tasks.push(task));
  return { ...served, clients: connect(served.port), tasks };
}

/** Stores a literal and gives what Flyte sends in its place. */
async function offload(key: string, literal: LiteralInit, place = `s3://${bucket}`): Promise<LiteralInit> {
  const bytes = encoded(literal);
  await s3.put(new URL(place).host, key, bytes);
  return offloaded(`${place}/${key}`, bytes.length);
}

const types: Record<string, TypeInit> = {
  rows: integersType,
  nested: { type: { case: "mapValueType", value: { type: { case: "collectionType", value: integersType } } } },
  maybe: { type: { case: "unionType", value: { variants: [integersType, integerType] } } },
};
const rows = list([integer(1), integer(2)]);

function startedWith({ agent }: Clients, literals: Record<string, LiteralInit>, timeoutMs = 10_000) {
  const known = Object.entries(types).filter(([name]) => name in literals);
  return agent.createTask({ template: echoTemplate(Object.fromEntries(known)), inputs: { literals } }, { timeoutMs });
}

describe("offloaded inputs in S3", () => {
  test("are loaded before the agent is called, wherever they are", async () => {
    const { clients, tasks } = await serveWith();
    const inner = await offload("inner", rows);
    await startedWith(clients, {
      rows: await offload("a b/c+d!'()*~é&=.pb", rows),
      nested: map({ key: list([list([integer(3)]), inner]) }),
      maybe: union(inner, integersType),
    });
    expect({ ...tasks[0]?.inputs }).toEqual({
      rows: [1, 2],
      nested: { key: [[3], [1, 2]] },
      maybe: [1, 2],
    });
    const literal = tasks[0]?.literals.get("rows");
    expect(literal?.value).toMatchObject({ case: "collection", value: { literals: [{}, {}] } });
  });

  test("are loaded in a loaded literal too", async () => {
    const { clients, tasks } = await serveWith();
    const inner = await offload("within", rows);
    const outer = await offload("around", list([await offload("chained", inner), rows]));
    await startedWith(clients, { nested: map({ key: outer }) });
    expect({ ...tasks[0]?.inputs }).toEqual({
      nested: {
        key: [
          [1, 2],
          [1, 2],
        ],
      },
    });
  });

  test("keep their hash", async () => {
    const { clients, tasks } = await serveWith();
    await startedWith(clients, { rows: { ...(await offload("hashed", rows)), hash: "h" } });
    expect(tasks[0]?.literals.get("rows")?.hash).toBe("h");
  });

  test("are loaded for ExecuteTaskSync and Flyte 2 as well", async () => {
    const { clients, tasks } = await serveWith();
    const literal = await offload("both", rows);
    async function* messages() {
      const header = { template: echoTemplate({ rows: integersType }) };
      yield create(flyteidl1.ExecuteTaskSyncRequestSchema, {
        part: { case: "header", value: create(flyteidl1.CreateRequestHeaderSchema, header) },
      });
      yield create(flyteidl1.ExecuteTaskSyncRequestSchema, {
        part: { case: "inputs", value: create(flyteidl1.LiteralMapSchema, { literals: { rows: literal } }) },
      });
    }
    for await (const { res } of clients.sync.executeTaskSync(messages())) {
      expect(res).toMatchObject({ case: "header", value: { resource: { phase: 3 } } });
    }
    const bytes = encoded(literal);
    const template = template2("echo");
    template.interface = create(flyteidl2.TypedInterfaceSchema, {
      inputs: { variables: [{ key: "rows", value: { type: { type: { case: "collectionType", value: {} } } } }] },
    });
    const inputs = { literals: [{ name: "rows", value: decoded2(bytes) }] };
    await clients.connector.createTask({ template, inputs });
    expect(tasks.map(({ inputs }) => inputs.rows)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test("are asked for where nothing is offloaded, of nobody", async () => {
    await using http = await startHttp((_request, response) => response.writeHead(500).end());
    const { clients } = await serveWith({ endpoint: http.endpoint });
    await startedWith(clients, { rows });
    expect(http.requests).toEqual([]);
  });
});

describe("offloaded inputs that may not be read", () => {
  const size = 100;

  test.each([
    [
      "no place is allowed",
      [],
      "s3://flyte-data/key",
      /^input "rows": .*s3:\/\/flyte-data\/key, from where this agent server may not read\. .*inputs\.offloaded\.allow: \["s3:\/\/flyte-data"\]/,
    ],
    ["another bucket is allowed", ["s3://flyte"], "s3://flyte-data/key", /allow: \["s3:\/\/flyte-data"\]/],
    ["another prefix is allowed", ["s3://flyte-data/ke"], "s3://flyte-data/key", /may not read/],
    ["another store is allowed", ["gs://"], "s3://flyte-data/key", /may not read/],
    ["the key leaves the prefix", ["s3://flyte-data/a"], "s3://flyte-data/a/../key", /not of the form s3:/],
    ["the address is a file", ["s3://"], "file:///etc/passwd", /begins with file:, from where literals are never read/],
    ["the address is a web page", ["s3://"], "http://169.254.169.254/latest?token=hunter2", /begins with http:/],
    ["the address has a query", ["s3://"], "s3://flyte-data/key?token=hunter2", /not of the form/],
    ["the address has a user", ["s3://"], "s3://user:hunter2@flyte-data/key", /not of the form/],
    ["there is no address", ["s3://"], "", /not of the form/],
  ])("because %s are refused and read from nowhere", async (_, allow, uri, message) => {
    await using http = await startHttp((_request, response) => response.writeHead(500).end());
    const { clients, tasks } = await serveWith({ allow, endpoint: http.endpoint });
    const failure = await refusalOf(clients, "echo", startedWith(clients, { rows: offloaded(uri, size) }));
    // What the operator can allow is not the task's fault.
    const code = failure.message.includes("Its operator can") ? "FailedPrecondition" : "Failed";
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(failure.message).not.toContain("hunter2");
    expect(http.requests).toEqual([]);
    expect(tasks).toEqual([]);
  });

  test.each([["s3://flyte-data/prefix"], ["s3://flyte-data/prefix/"], ["s3://"]])(
    "%s allows what is below",
    async (place) => {
      const { clients } = await serveWith({ allow: [place] });
      await startedWith(clients, { rows: await offload("prefix/key", rows) });
    },
  );

  test("because they are not there are told so", async () => {
    const { clients } = await serveWith();
    const call = startedWith(clients, { rows: offloaded("s3://flyte-data/gone", size) });
    expect(await refusalOf(clients, "echo", call)).toEqual({
      code: "Failed",
      message:
        'input "rows": s3://flyte-data/gone, where Flyte stored it, does not exist (any more): run the task again from ' +
        "the node that made it [invalid_input]",
    });
  });

  test.each([
    ["text", new TextEncoder().encode("no literal, surely")],
    ["nothing", new Uint8Array()],
    ["a map of literals", toBinary(flyteidl1.LiteralMapSchema, create(flyteidl1.LiteralMapSchema))],
  ])("because they hold %s are told so", async (_, content) => {
    const { clients } = await serveWith();
    await s3.put(bucket, "odd", content);
    const call = startedWith(clients, { nested: map({ key: list([rows, offloaded(`s3://${bucket}/odd`, 0)]) }) });
    expect(await refusalOf(clients, "echo", call)).toMatchObject({
      code: "Failed",
      message: expect.stringMatching(
        /^input "nested"\.key\[1\]: s3:\/\/flyte-data\/odd should hold it, but is no Flyte literal/,
      ),
    });
  });

  test("because they hold themselves are told so", async () => {
    const { clients } = await serveWith();
    await s3.put(bucket, "loop", encoded(offloaded(`s3://${bucket}/loop`, 0)));
    const call = startedWith(clients, { rows: offloaded(`s3://${bucket}/loop`, 0) });
    expect(await refusalOf(clients, "echo", call)).toMatchObject({
      code: "Failed",
      message: expect.stringMatching(/^input "rows": offloaded literals hold offloaded literals/),
    });
  });

  test("because of their type name the path, as any other", async () => {
    const { clients } = await serveWith();
    const call = startedWith(clients, { rows: await offload("mistyped", list([integer(1), list([])])) });
    expect(await refusalOf(clients, "echo", call)).toMatchObject({
      code: "Failed",
      message: expect.stringMatching(/^input "rows"\[1\]: expected INTEGER/),
    });
  });
});

describe("offloaded inputs that are too large", () => {
  const ten = list(Array.from({ length: 10 }, () => integer(1)));

  test("by what Flyte declares are not even asked for", async () => {
    await using http = await startHttp((_request, response) => response.writeHead(500).end());
    const { clients } = await serveWith({ endpoint: http.endpoint, maxBytes: 100 });
    const call = startedWith(clients, {
      nested: map({ a: offloaded("s3://flyte-data/a", 60), b: offloaded("s3://flyte-data/b", 41) }),
    });
    expect(await failureOf(call)).toEqual({
      code: "ResourceExhausted",
      message:
        'input "nested".b: with it the offloaded inputs are more than the 100 bytes that are read for one task: pass ' +
        "data as a file or a structured dataset, or have the operator raise inputs.offloaded.maxBytes [message_too_large]",
    });
    expect(http.requests).toEqual([]);
  });

  test.each([
    ["more than declared", 20, 1_000],
    ["more than is left", 0, 50],
  ])("because there are %s are cut off", async (_, declared, maxBytes) => {
    const { clients } = await serveWith({ maxBytes });
    await s3.put(bucket, "large", encoded(ten));
    expect(await failureOf(startedWith(clients, { rows: offloaded(`s3://${bucket}/large`, declared) }))).toMatchObject({
      code: "ResourceExhausted",
      message: expect.stringMatching(/^input "rows": s3:\/\/flyte-data\/large is larger than the \d\d bytes/),
    });
  });

  test("without a declared length are cut off while they come", async () => {
    await using http = await startHttp((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", more);
      more();
    });
    const { clients } = await serveWith({ endpoint: http.endpoint });
    const call = startedWith(clients, { rows: offloaded("s3://flyte-data/flood", 0) });
    expect(await failureOf(call)).toMatchObject({ code: "ResourceExhausted" });
  });

  test("because they hold too many literals are refused, before they are decoded", async () => {
    const { clients } = await serveWith({ maxLiterals: 20 });
    const file = await offload("many", ten);
    await startedWith(clients, { rows: file });
    expect(await failureOf(startedWith(clients, { nested: map({ key: list([file, file]) }) }))).toMatchObject({
      code: "ResourceExhausted",
      message: expect.stringMatching(/^the inputs hold 24 literals, at most 20 are read/),
    });
  });

  test("in number are refused", async () => {
    const { clients } = await serveWith({ maxLiterals: 10_000 });
    const files = Array.from({ length: 1_001 }, () => offloaded("s3://flyte-data/x", 1));
    expect(await failureOf(startedWith(clients, { nested: map({ key: list(files) }) }))).toMatchObject({
      code: "ResourceExhausted",
      message: expect.stringMatching(/^the inputs are spread over 1001 offloaded files/),
    });
  });
});

describe("a store in trouble", () => {
  const file = offloaded("s3://flyte-data/key", 50);

  test("is asked again", async () => {
    let asked = 0;
    await using http = await startHttp((_request, response) => {
      asked += 1;
      if (asked < 3) response.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
      else response.end(encoded(rows));
    });
    const { clients, tasks } = await serveWith({ endpoint: http.endpoint });
    await startedWith(clients, { rows: file });
    expect(tasks[0]?.inputs.rows).toEqual([1, 2]);
  });

  test("that does not end is UNAVAILABLE", async () => {
    await using http = await startHttp((_request, response) => {
      response.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
    });
    const { clients } = await serveWith({ endpoint: http.endpoint });
    expect(await failureOf(startedWith(clients, { rows: file }))).toEqual({
      code: "Unavailable",
      message: 'input "rows": S3 is in trouble (HTTP 503 SlowDown): try again [vendor_unavailable]',
    });
    expect(http.requests).toHaveLength(3);
  });

  test("that nobody hears, or that breaks off, is UNAVAILABLE", async () => {
    const gone = await startHttp(() => undefined);
    await gone[Symbol.asyncDispose]();
    await using broken = await startHttp((request, response) => {
      response.writeHead(200, { "content-length": 40 });
      response.write("x", () => request.socket.destroy());
    });
    for (const { endpoint } of [gone, broken]) {
      const { clients } = await serveWith({ endpoint });
      expect(await failureOf(startedWith(clients, { rows: file }))).toMatchObject({
        code: "Unavailable",
        message: expect.stringMatching(/^input "rows": S3 cannot be reached \([^)]+\): try again/),
      });
    }
  });

  test("that hangs is UNAVAILABLE after a while", async () => {
    await using http = await startHttp(() => undefined);
    const { clients } = await serveWith({ endpoint: http.endpoint }, { timings: { storeTimeoutMs: 200 } });
    expect(await failureOf(startedWith(clients, { rows: file }))).toMatchObject({
      code: "Unavailable",
      message: expect.stringMatching(/^input "rows": the store did not answer within 0.2 s/),
    });
  });

  test("that hangs is given up at the caller's deadline, and with the caller", async () => {
    const closed: Promise<unknown>[] = [];
    await using http = await startHttp((request) => {
      closed.push(new Promise((resolve) => request.socket.once("close", resolve)));
    });
    const { clients, logged } = await serveWith({ endpoint: http.endpoint });
    expect(await failureOf(startedWith(clients, { rows: file }, 500))).toMatchObject({ code: "DeadlineExceeded" });
    await logged(({ outcome }) => outcome === "deadline_exceeded");
    await Promise.all(closed);
    expect(closed).toHaveLength(1);
  });

  test("does not hide who must fix what", async () => {
    const refusals = [
      ["AccessDenied", 403, /s3:GetObject .*bucket "flyte-data".*\(HTTP 403 AccessDenied\)/],
      ["InvalidAccessKeyId", 403, /does not accept the agent server's credentials/],
      ["RequestTimeTooSkewed", 403, /clock is wrong/],
      ["PermanentRedirect", 301, /AWS_ENDPOINT_URL and AWS_REGION/],
      ["InvalidRequest", 400, /does not accept the request/],
    ] as const;
    let refused: (typeof refusals)[number] = refusals[0];
    await using http = await startHttp((_request, response) => {
      response.writeHead(refused[1], { location: "http://elsewhere.invalid/" });
      response.end(`<Error><Code>${refused[0]}</Code><Message>arn:aws:iam::123456789012:role/x</Message></Error>`);
    });
    const { clients, lines } = await serveWith({ endpoint: http.endpoint });
    for (refused of refusals) {
      const failure = await failureOf(startedWith(clients, { rows: file }));
      expect(failure).toMatchObject({ code: "FailedPrecondition", message: expect.stringMatching(refused[2]) });
      expect(failure.message).not.toContain("arn:aws");
    }
    expect(JSON.stringify(lines)).toContain("arn:aws:iam::123456789012");
    expect(http.requests).toHaveLength(refusals.length);
  });
});

function decoded2(literal: Uint8Array): flyteidl2.Literal {
  return fromBinary(flyteidl2.LiteralSchema, literal);
}
