import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { expect, onTestFinished, test } from "vitest";
import { serve } from "../fixtures/serve.ts";

const path = "/flyteidl.service.AgentMetadataService/ListAgents";
const page = "https://app.example.com";

async function preflight(port: number, origin: string): Promise<Response> {
  return await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "connect-protocol-version,content-type",
      connection: "close",
    },
  });
}

async function post(port: number, origin: string, contentType = "application/json"): Promise<Response> {
  return await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { origin, "content-type": contentType, connection: "close" },
    body: "{}",
  });
}

function corsHeaders({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name === "vary" || name.startsWith("access-control-")));
}

test("without configuration no page of another origin may call", async () => {
  const { port } = await serve();
  const asked = await preflight(port, page);
  expect(asked.ok).toBe(false);
  expect(corsHeaders(asked)).toEqual({});
  expect(corsHeaders(await post(port, page))).toEqual({});
});

test("a page of a configured origin may call, and read the headers of gRPC-Web", async () => {
  const { port, logged } = await serve({ server: { cors: { origins: ["https://other.example.com", page] } } });
  const asked = await preflight(port, page);
  expect(asked.status).toBe(204);
  expect(corsHeaders(asked)).toEqual({
    vary: "Origin",
    "access-control-allow-origin": page,
    "access-control-allow-methods": "POST, GET",
    "access-control-allow-headers": expect.stringMatching(/Content-Type, .*X-Grpc-Web.*Grpc-Timeout/),
    "access-control-max-age": "7200",
  });
  const answer = await post(port, page);
  expect(answer.status).toBe(200);
  const granted = {
    vary: "Origin",
    "access-control-allow-origin": page,
    "access-control-expose-headers": expect.stringContaining("Grpc-Status, Grpc-Message"),
  };
  expect(corsHeaders(answer)).toEqual(granted);
  // The page must be able to read why it failed, too.
  const refused = await post(port, page, "text/plain");
  expect(refused.status).toBe(415);
  expect(await logged(({ message }) => message === "a request could not be read")).toMatchObject({ http_status: 415 });
  expect(corsHeaders(refused)).toEqual(granted);
});

test("a page of another origin is told nothing", async () => {
  const { port } = await serve({ server: { cors: { origins: [page] } } });
  for (const origin of ["https://app.example.com.evil.example", "http://app.example.com", "null"]) {
    expect(corsHeaders(await preflight(port, origin))).toEqual({ vary: "Origin" });
    expect(corsHeaders(await post(port, origin))).toEqual({ vary: "Origin" });
  }
});

test("* allows every origin, without its credentials", async () => {
  const { port } = await serve({ server: { cors: { origins: ["*"] } } });
  const answer = await post(port, page);
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
  expect((await preflight(port, page)).headers.get("access-control-allow-origin")).toBe("*");
});

test("over HTTP/2 it is the same", async () => {
  const { port } = await serve({ server: { cors: { origins: [page] } } });
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ":method": "OPTIONS",
    ":path": path,
    origin: page,
    "access-control-request-method": "POST",
  });
  const [headers] = await once(stream, "response");
  expect(headers).toMatchObject({ ":status": 204, "access-control-allow-origin": page });
});
