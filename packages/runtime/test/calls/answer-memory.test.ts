import { expect, test } from "vitest";
import { createAnswerMemory } from "../../dist/calls/answer-memory.js";

const answer = (bytes: number) => ({ job: new Uint8Array(bytes) });

test("answers are found by their key", () => {
  const memory = createAnswerMemory({ keepMs: 60_000, maxBytes: 10_000 });
  const one = answer(1);
  memory.keep("one", one);
  memory.keep("other", answer(2));
  expect(memory.find("one")).toBe(one);
  expect(memory.find("none")).toBeUndefined();
});

test("the oldest make room", () => {
  const memory = createAnswerMemory({ keepMs: 60_000, maxBytes: 10_000 });
  for (const key of ["a", "b", "c"]) memory.keep(key, answer(4_000));
  expect(["a", "b", "c"].map((key) => memory.find(key)?.job.byteLength)).toEqual([undefined, 4_000, 4_000]);
  // Kept anew, it is the newest.
  memory.keep("b", answer(4_100));
  memory.keep("d", answer(4_000));
  expect(["b", "c", "d"].map((key) => memory.find(key)?.job.byteLength)).toEqual([4_100, undefined, 4_000]);
});

test("one that is larger than all the room is not kept", () => {
  const memory = createAnswerMemory({ keepMs: 60_000, maxBytes: 10_000 });
  memory.keep("a", answer(20_000));
  memory.keep("b", answer(1));
  expect([memory.find("a"), memory.find("b")?.job.byteLength]).toEqual([undefined, 1]);
});

test("answers are forgotten after their time", async () => {
  const memory = createAnswerMemory({ keepMs: 20, maxBytes: 10_000 });
  memory.keep("a", answer(1));
  await expect.poll(() => memory.find("a")).toBeUndefined();
});
