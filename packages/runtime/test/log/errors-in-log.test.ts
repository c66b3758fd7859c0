import { createLog } from "@flyte-agent/runtime";
import { expect, it } from "vitest";

it("logs what an error says and where it was, and none of its other properties", () => {
  const lines: string[] = [];
  const log = createLog({ level: "info", format: "json" }, { write: (line) => void lines.push(line) });
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
