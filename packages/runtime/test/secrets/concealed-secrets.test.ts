import { create, type JsonObject } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { describe, expect, test } from "vitest";
import { connect, failureOf, refusalOf, template, template2 } from "../fixtures/clients.ts";
import { echoTemplate, integerType } from "../fixtures/input-literals.ts";
import { serve } from "../fixtures/serve.ts";

const callToken = "hunter2-correct-horse-battery-staple-and-more";
const setupToken = 'line one of "it"\nand \\ line two, long';

async function serveTeller(environment: Record<string, string> = {}) {
  const served = await serve({
    plugins: ["tells-secrets"],
    environment: { _FSEC_CALL_TOKEN: callToken, _FSEC_SETUP_TOKEN: setupToken, ...environment },
  });
  const { sync } = connect(served.port);

  /** What Flyte hears of a task whose one output is an integer: the message, or the text of the error. */
  async function tell(custom: JsonObject): Promise<{ readonly message: string; readonly code: string }> {
    const task = create(flyteidl1.TaskTemplateSchema, {
      ...echoTemplate({ answer: integerType }),
      type: "teller",
      custom,
    });
    if (task.interface !== undefined) delete task.interface.inputs;
    async function* messages() {
      yield create(flyteidl1.ExecuteTaskSyncRequestSchema, {
        part: { case: "header", value: create(flyteidl1.CreateRequestHeaderSchema, { template: task }) },
      });
      yield create(flyteidl1.ExecuteTaskSyncRequestSchema, {
        part: { case: "inputs", value: create(flyteidl1.LiteralMapSchema) },
      });
    }
    for await (const { res } of sync.executeTaskSync(messages())) {
      const resource = res.case === "header" ? res.value.resource : undefined;
      return { message: resource?.message ?? "", code: resource?.agentError?.code ?? "" };
    }
    throw new Error("no answer");
  }
  return { ...served, tell };
}

describe("secrets in what Flyte is told are concealed", () => {
  test("in an output of the wrong type, which is shown cut", async () => {
    const { tell } = await serveTeller();
    const shown = async (text: string) => (await tell({ how: "output", text })).message;
    expect(await shown("{call}")).toBe('output "answer": expected INTEGER, got string "***…"');
    expect(await shown("Authorization: Bearer {call}")).toBe(
      'output "answer": expected INTEGER, got string "Authorization: Bearer ***…"',
    );
    expect(await shown("Authorization: Bearer xxx {call}")).toMatch(/Bearer xxx \*\*\*…"$/);
    expect(await shown("{setup}")).toBe('output "answer": expected INTEGER, got string "***…"');
    expect(await shown("no secret")).toBe('output "answer": expected INTEGER, got string "no secret"');
  });

  test("in a thrown error, wherever they are, and the author is told", async () => {
    const { tell, logged } = await serveTeller();
    const { message } = await tell({ how: "throws", text: "{call} is not {setup}, {call}" });
    expect(message).toBe("custom: *** is not ***, *** [invalid_task]");
    expect(await logged((line) => "concealed_in" in line)).toMatchObject({
      level: "warn",
      plugin: "tells-secrets",
      task_type: "teller",
      concealed_in: "do",
      call: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  test("in messages and codes of answers", async () => {
    const { tell } = await serveTeller();
    expect(await tell({ how: "fails", text: "got {call}!" })).toEqual({ message: "got ***!", code: "got ***!" });
  });

  test.each(["base64", "base64url"])("in %s", async (encoding) => {
    const { tell } = await serveTeller();
    expect((await tell({ how: "fails", text: "{call}", encoding })).message).toMatch(/^\*\*\*=*$/);
  });

  test("where a long text is cut", async () => {
    const { tell } = await serveTeller();
    const room = 4095 - 20;
    const { message } = await tell({ how: "fails", text: `${"x".repeat(room)}{call}` });
    expect(message).toBe(`${"x".repeat(room)}***…`);
  });

  test("in later calls of the plugin too, which may live on with them", async () => {
    const { tell } = await serveTeller();
    await tell({ how: "fails", text: "{call}" });
    const { message } = await tell({ how: "fails", text: `kept ${callToken}`, asks: false });
    expect(message).toBe("kept ***");
  });

  test("that are sent with a call of Flyte 2, asked for or not", async () => {
    const { port } = await serveTeller();
    const clients = connect(port);
    const tell = (custom: JsonObject, more = {}) =>
      refusalOf(
        clients,
        "teller",
        clients.connector.createTask({ template: template2("teller", { custom }), ...more }),
      );
    const sent = "sent-with-the-call";
    const connection = create(flyteidl2.ConnectionSchema, { secrets: { call_token: sent, other: "another-one" } });
    const custom = { how: "throws", text: "{call} and another-one" };
    expect(await tell(custom, { connection })).toEqual({
      code: "Failed",
      message: "custom: *** and *** [invalid_task]",
    });
    const later = { how: "throws", text: `${sent} was of another call` };
    expect((await tell(later)).message).toMatch(/^custom: sent-with-the-call was/);
  });

  test("but not those shorter than six characters, which are in ordinary words", async () => {
    const { tell } = await serveTeller({ _FSEC_CALL_TOKEN: "error", _FSEC_SETUP_TOKEN: "sixsix" });
    expect((await tell({ how: "fails", text: "an error of sixsix" })).message).toBe("an error of ***");
  });
});

describe("secrets in the log are concealed", () => {
  test.each(["throws anything", "throws", "is unavailable", "logs"])("of a call that %s", async (how) => {
    const { port, lines, logged } = await serveTeller();
    const { agent } = connect(port);
    const custom = { how, text: "line {call}\\n{setup}" };
    await agent.createTask({ template: template("teller", { custom }) }).catch(() => {});
    await logged(({ message, task_type }) => message === "create" && task_type === "teller");
    const text = JSON.stringify(lines);
    expect(text).toContain("***");
    for (const secret of [callToken, setupToken]) expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
  });

  test("those that a call of Flyte 2 brought in its own lines, and nobody else's words in the lines of others", async () => {
    const { port, lines, logged } = await serveTeller();
    const connection = create(flyteidl2.ConnectionSchema, { secrets: { call_token: "sent-with-the-call" } });
    const { connector } = connect(port);
    const custom = { how: "logs", text: "{call}" };
    await connector.createTask({ template: template2("teller", { custom }), connection });
    expect(await logged(({ message }) => message.startsWith("tried"))).toMatchObject({
      message: "tried ***",
      key: "***",
    });
    const other = { how: "logs", text: "sent-with-the-call was of another call" };
    await connector.createTask({ template: template2("teller", { custom: other }) });
    await logged(({ message }) => message === "tried sent-with-the-call was of another call");
    expect(lines.filter(({ message }) => message.includes("hunter2"))).toEqual([]);
  });
});

test("a plugin that throws anything shows nothing of it", async () => {
  const { port } = await serveTeller();
  const { agent } = connect(port);
  const custom = { how: "throws anything", text: "{call}" };
  const { message } = await failureOf(agent.createTask({ template: template("teller", { custom }) }));
  expect(message).toMatch(/failed unexpectedly; the agent server's log has the details/);
});
