import { expect, test } from "vitest";
import { readWorkflowState } from "../src/flyte1/workflow-state.ts";

test("a new object is ready", () => {
  expect(readWorkflowState({ kind: "FlyteWorkflow" })).toEqual({
    phase: "ready",
    error: undefined,
    isJobRunning: false,
    attempts: 0,
    outputsUri: "",
    systemFailures: 0,
  });
});

test("a failed workflow says why", () => {
  const status = {
    phase: 5,
    error: { kind: "USER", code: "TaskFailedWithError", message: "no table" },
    nodeStatus: { task: { phase: 6, attempts: 2, TaskNodeStatus: { phase: 5 } } },
    outputRef: "file://flyte/outputs.pb",
    failedAttempts: 1,
  };
  expect(readWorkflowState({ status })).toEqual({
    phase: "failed",
    error: { code: "TaskFailedWithError", message: "no table" },
    isJobRunning: true,
    attempts: 2,
    outputsUri: "file://flyte/outputs.pb",
    systemFailures: 1,
  });
});

test.each([
  ["no object", "text", "status: got undefined, expected an object"],
  ["a status that is no object", { status: 1 }, "status: got 1, expected an object"],
  ["a phase that is no number", { status: { phase: "1" } }, 'phase: got "1", expected a number'],
  ["an unknown phase", { status: { phase: 99 } }, "status.phase: got 99, which is no phase of a workflow"],
  ["outputs that are no text", { status: { outputRef: {} } }, "outputRef: got {}, expected a text"],
])("%s is refused", (_, object, message) => {
  expect(() => readWorkflowState(object)).toThrow(message);
});
