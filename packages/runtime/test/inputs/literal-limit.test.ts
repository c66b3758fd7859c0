import { create } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { connect, failureOf, template2 } from "../fixtures/clients.ts";
import { echoTemplate, integer, integersType, list } from "../fixtures/input-literals.ts";
import { serve } from "../fixtures/serve.ts";

const template = echoTemplate({ x: integersType });

function numbers(count: number) {
  return { literals: { x: list(Array.from({ length: count }, () => integer(1))) } };
}

test("inputs with too many literals are RESOURCE_EXHAUSTED and told the number, the limit and its key", async () => {
  const { port, events, lines, scrape } = await serve({ inputs: { maxLiterals: 100 } });
  let called = 0;
  events.on("do", () => called++);
  const { agent } = connect(port);
  expect(await failureOf(agent.createTask({ template, inputs: numbers(100) }))).toEqual({
    code: "ResourceExhausted",
    message:
      "the inputs hold 101 literals, at most 100 are read: pass data as a file or a structured dataset, or have the " +
      "operator raise inputs.maxLiterals [message_too_large]",
  });
  expect(called).toBe(0);
  await agent.createTask({ template, inputs: numbers(99) });
  expect(called).toBe(1);
  expect(lines.find(({ outcome }) => outcome === "message_too_large")).toMatchObject({ task_type: "echo" });
  expect(await scrape()).toContain('error_code="413"} 1');
});

test("so they are in ExecuteTaskSync, Flyte 2 and JSON", async () => {
  const { port } = await serve({ inputs: { maxLiterals: 100 } });
  const { sync, connector } = connect(port);
  async function* messages() {
    yield create(flyteidl1.ExecuteTaskSyncRequestSchema, { part: { case: "header", value: { template } } });
    yield create(flyteidl1.ExecuteTaskSyncRequestSchema, {
      part: { case: "inputs", value: create(flyteidl1.LiteralMapSchema, numbers(100)) },
    });
  }
  const executed = async (): Promise<void> => {
    for await (const _ of sync.executeTaskSync(messages()));
  };
  const value = create(flyteidl2.LiteralSchema, {
    value: { case: "collection", value: { literals: Array.from({ length: 100 }, () => ({})) } },
  });
  const started = () =>
    connector.createTask({ template: template2("echo"), inputs: { literals: [{ name: "x", value }] } });
  for (const call of [executed, started]) {
    expect(await failureOf(call())).toMatchObject({ code: "ResourceExhausted" });
  }
  const response = await fetch(`http://127.0.0.1:${port}/flyteidl.service.AsyncAgentService/CreateTask`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      template: { type: "echo" },
      inputs: { literals: { x: { collection: { literals: Array.from({ length: 100 }, () => ({})) } } } },
    }),
  });
  expect(await response.json()).toMatchObject({ code: "resource_exhausted" });
});

test("16 MiB of small integers are refused quickly", async () => {
  const { port } = await serve({ server: { maxMessageBytes: 32 * 1024 * 1024 } });
  const inputs = create(flyteidl1.LiteralMapSchema);
  // The bytes of a map's entry, written by hand: two million messages would take the test minutes.
  const item = Buffer.from("0a060a040a020801", "hex");
  const items = Buffer.alloc(2_000_000 * item.length, item);
  const literal = lengthDelimited(0x12, items);
  const entry = Buffer.concat([lengthDelimited(0x0a, Buffer.from("x")), lengthDelimited(0x12, literal)]);
  inputs.$unknown = [{ no: 1, wireType: 2, data: lengthDelimited(0x0a, entry).subarray(1) }];
  const startMs = performance.now();
  const { code, message } = await failureOf(connect(port).agent.createTask({ template, inputs }));
  expect(code).toBe("ResourceExhausted");
  expect(message).toMatch(/^the inputs hold 2000001 literals, at most 500000 are read/);
  expect(performance.now() - startMs).toBeLessThan(3_000);
});

function lengthDelimited(tag: number, content: Buffer): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([tag, ...length, rest]), content]);
}
