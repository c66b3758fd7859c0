import { createLog } from "@flyte-agent/runtime";
import { expect, it } from "vitest";

it("logs what an error says and where it was, and none of its other properties", () => {
  const lines: string[] = [];
  const log = createLog({ level: "info" }, { write: (line) => void lines.push(line) });
  const cause = Object.assign(new Error("401"), {
    code: "ERR_AUTH",
    config: { headers: { authorization: "Bearer hunter2" } },
  });
  log.error("get", { error: new Error("no access", { cause }) });
  const [line = ""] = lines;
  expect(line).not.toContain("hunter2");
  expect(JSON.parse(line)).toMatchObject({
    error: { message: "no access", cause: { message: "401", code: "ERR_AUTH", stack: expect.stringContaining("401") } },
  });
});

it("keeps what a plugin gives beside the line's own fields", () => {
  const lines: string[] = [];
  const log = createLog({ level: "info" }, { write: (line) => void lines.push(line) });
  log.with({ level: 7 }).info("refused", { message: "no such table", time: "noon", reason: "notFound" });
  const [line = ""] = lines;
  expect(line.match(/"(message|level|time)":/g)).toHaveLength(3);
  expect(JSON.parse(line)).toMatchObject({
    level: "info",
    level_: 7,
    message: "refused",
    message_: "no such table",
    time_: "noon",
    reason: "notFound",
  });
});
