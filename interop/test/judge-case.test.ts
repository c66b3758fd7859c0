import { expect, test } from "vitest";
import type { Difference } from "../src/twins/difference.ts";
import { judgeCase } from "../src/twins/judge-case.ts";

const listed: readonly Difference[] = [
  {
    name: "sizes",
    reason: "Ours reads more.",
    answers: [{ theirs: { rpc: "RESOURCE_EXHAUSTED" }, ours: { rpc: "OK" }, cases: ["flytekit/create/large"] }],
  },
];

test("equal answers pass", () => {
  expect(judgeCase("flytekit/a", { theirs: { rpc: "OK" }, ours: { rpc: "OK" } }, listed)).toEqual({ kind: "passed" });
});

test("a difference that is listed is told by its name", () => {
  const answers = { theirs: { rpc: "RESOURCE_EXHAUSTED", same: "1" }, ours: { rpc: "OK", same: "1" } };
  expect(judgeCase("flytekit/create/large", answers, listed)).toEqual({
    kind: "differs",
    reason: "src/twins/differences.ts: sizes",
  });
});

test("any other difference fails, with what each side answers", () => {
  const answers = { theirs: { rpc: "OK", phase: "1" }, ours: { rpc: "OK", phase: "2", message: "m" } };
  expect(judgeCase("flytekit/get", answers, listed)).toEqual({
    kind: "failed",
    reason: 'theirs {"phase":"1"}, ours {"phase":"2","message":"m"}',
  });
});

test("a listed case that differs in something else fails", () => {
  const answers = { theirs: { rpc: "RESOURCE_EXHAUSTED" }, ours: { rpc: "INTERNAL" } };
  expect(judgeCase("flytekit/create/large", answers, listed)).toMatchObject({
    kind: "failed",
    reason: expect.stringMatching(/^not as listed: .*INTERNAL/),
  });
});

test("a listed difference that is gone fails", () => {
  const answers = { theirs: { rpc: "OK" }, ours: { rpc: "OK" } };
  expect(judgeCase("flytekit/create/large", answers, listed)).toMatchObject({
    kind: "failed",
    reason: expect.stringMatching("differs no more"),
  });
});

test("a case that is listed twice fails", () => {
  const answers = { theirs: { rpc: "RESOURCE_EXHAUSTED" }, ours: { rpc: "OK" } };
  expect(judgeCase("flytekit/create/large", answers, [...listed, ...listed])).toMatchObject({ kind: "failed" });
});

test("values that are cut for show are compared whole", () => {
  const theirs = { text: `${"x".repeat(1000)}a` };
  const ours = { text: `${"x".repeat(1000)}b` };
  expect(judgeCase("flytekit/get", { theirs, ours }, listed)).toMatchObject({
    kind: "failed",
    reason: expect.stringMatching("1001 characters"),
  });
});
