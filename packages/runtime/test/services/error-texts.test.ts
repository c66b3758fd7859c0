import { once } from "node:events";
import { connect as connectHttp2, type IncomingHttpHeaders } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, onTestFinished, test } from "vitest";
import { connect, failureOf, template } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

/** What the status of a create says whose agent fails so, as it is on the wire. */
async function grpcMessageOf(port: number, behaviour: string): Promise<string> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const headers = { ":method": "POST", ":path": "/flyteidl.service.AsyncAgentService/CreateTask", te: "trailers" };
  const stream = session.request({ ...headers, "content-type": "application/grpc" });
  const schema = flyteidl1.CreateTaskRequestSchema;
  const bytes = toBinary(schema, create(schema, { template: template("job", { custom: { create: behaviour } }) }));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  stream.end(Buffer.concat([head, bytes]));
  stream.resume();
  // Node gives the headers of the answer first, of which they are the last where there is no message.
  const statuses: IncomingHttpHeaders[] = [];
  for (const event of ["response", "trailers"])
    stream.on(event, (fields: IncomingHttpHeaders) => statuses.push(fields));
  await once(stream, "close");
  return statuses.map((fields) => fields["grpc-message"]).join("");
}

test.each([
  ["of ASCII", "the vendor said no. "],
  ["with accents", "le fournisseur a refusé: déjà réservé. "],
  ["in Chinese", "供应商拒绝了这个请求。"],
  ["of emoji, which are pairs of surrogates", "😀"],
  ["of percent signs", "%"],
])("an error text %s is cut in bytes on the wire, between characters, and keeps its code", async (_name, text) => {
  const { port } = await serve();
  const message = await grpcMessageOf(port, `says: ${text.repeat(5_000)}`);
  expect(message.length).toBeLessThanOrEqual(4096);
  // As much as there is room for.
  expect(message.length).toBeGreaterThan(4096 - 2 * "%F0%9F%98%80".length);
  const shown = decodeURIComponent(message);
  expect(shown).toMatch(/… \[vendor_unavailable\]$/);
  expect(text.repeat(5_000).startsWith(shown.slice(0, shown.lastIndexOf("…")))).toBe(true);
});

test("an error text that just fits is not cut", async () => {
  const { port } = await serve();
  const room = 4096 - encodeURIComponent(" [vendor_unavailable]").length;
  const { agent } = connect(port);
  const say = (text: string) =>
    failureOf(agent.createTask({ template: template("job", { custom: { create: `says: ${text}` } }) }));
  expect((await say("x".repeat(room))).message).toBe(`${"x".repeat(room)} [vendor_unavailable]`);
  expect((await say("x".repeat(room + 1))).message).toBe(
    `${"x".repeat(room - "%E2%80%A6".length)}… [vendor_unavailable]`,
  );
});

test("an error text with half a surrogate pair is sent, with a replacement character in its place", async () => {
  const { port } = await serve();
  const custom = { create: "says half a pair" };
  expect(await failureOf(connect(port).agent.createTask({ template: template("job", { custom }) }))).toEqual({
    code: "Unavailable",
    message: "cut in the middle of \ufffd: try again later [vendor_unavailable]",
  });
});

test("the name of an agent that is not there is cut between characters", async () => {
  const { port } = await serve();
  const name = `${"x".repeat(99)}${"😀".repeat(100)}`;
  const { code, message } = await failureOf(connect(port).metadata.getAgent({ name }));
  expect(code).toBe("NotFound");
  expect(message).toMatch(/^no agent is named "x{99}\ufffd"; known: .* \[agent_not_found\]$/);
});
