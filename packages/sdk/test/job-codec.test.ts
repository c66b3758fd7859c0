import { exactNumbers, isAgentError, type StandardSchema } from "@flyte-agent/sdk";
import { decodeJob, encodeJob } from "@flyte-agent/sdk/host";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { thrown } from "./thrown.ts";

const anything = v.custom<object>(() => true);

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(job: unknown): string {
  return new TextDecoder().decode(encodeJob(job, 4096));
}

async function refusal(schema: StandardSchema, bytes: Uint8Array): Promise<string> {
  try {
    await decodeJob(schema, bytes);
  } catch (error) {
    if (isAgentError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("the job was accepted");
}

describe("a job", () => {
  it("is written as JSON, with exact integers", () => {
    expect(textOf({ a: "ä", b: [1, null, true], c: { d: -1.5 }, big: 2n ** 64n, ["__proto__"]: 1 })).toBe(
      '{"a":"ä","b":[1,null,true],"c":{"d":-1.5},"big":18446744073709551616,"__proto__":1}',
    );
  });

  it("keeps the sign of negative zero, which Python reads as the integer 0", async () => {
    expect(textOf({ change: -0, list: [-0, 0] })).toBe('{"change":-0,"list":[-0,0]}');
    const { job } = await decodeJob(anything, encodeJob({ change: -0 }, 100));
    expect(job).toStrictEqual({ change: -0 });
  });

  it("comes back as it was", async () => {
    // Whole numbers beyond 2^53 come back as bigint: the next test.
    const json = fc.jsonValue().filter((value) => !/\d{16}/.test(JSON.stringify(value)));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ unit: "grapheme" }), json), async (job) => {
        const bytes = encodeJob(job, 1_000_000);
        expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(JSON.parse(JSON.stringify(job, exactNumbers)));
        expect((await decodeJob(anything, bytes)).job).toEqual(JSON.parse(JSON.stringify(job, exactNumbers)));
      }),
    );
  });

  it("comes back with every digit of its integers", async () => {
    const schema = v.object({ id: v.bigint(), small: v.number(), float: v.number() });
    const bytes = encodeJob({ id: 2n ** 60n + 1n, small: 5, float: 1e300 }, 4096);
    expect((await decodeJob(schema, bytes)).job).toEqual({ id: 2n ** 60n + 1n, small: 5, float: 1e300 });
  });

  it("is read as Python writes it", async () => {
    const bytes = bytesOf('{"job_id": "\\u00e4", "location": null, "added_later": 1}');
    const schema = v.object({ job_id: v.string(), location: v.nullable(v.string()) });
    expect((await decodeJob(schema, bytes)).job).toEqual({ job_id: "ä", location: null });
  });

  it("does not touch the prototype", async () => {
    const { job } = await decodeJob(anything, bytesOf('{"__proto__": {"polluted": true}, "id": 12345678901234567890}'));
    expect("polluted" in job).toBe(false);
    expect("polluted" in {}).toBe(false);
  });

  it.each([
    [undefined, "job is undefined, expected an object"],
    [null, "job is null, expected an object"],
    ["x", "job is a string, expected an object"],
    [[1], "job is a list, expected an object"],
    [new Map(), "job is a Map, expected an object"],
    [{ a: { b: [1, undefined] } }, "job.a.b[1] is undefined, expected JSON"],
    // biome-ignore lint/suspicious/noSparseArray: a plugin may make one by accident
    [{ a: [1, , 2] }, "job.a[1] is undefined, expected JSON"],
    [{ a: () => 1 }, "job.a is a function, expected JSON"],
    [{ a: Symbol("x") }, "job.a is a symbol, expected JSON"],
    [{ "odd key": new Date(0) }, 'job["odd key"] is a Date, expected JSON'],
    [{ a: Number.NaN }, "job.a is NaN, which JSON cannot hold"],
    [{ a: Number.POSITIVE_INFINITY }, "job.a is Infinity, which JSON cannot hold"],
  ])("that is %s is refused with the place", (job, problem) => {
    expect(thrown(() => encodeJob(job, 4096))).toBe(`invalid_job: create must return a plain JSON object: ${problem}`);
  });

  it("with a key that the server keeps for itself is refused", () => {
    expect(thrown(() => encodeJob({ flyte_agent_x: 1 }, 4096))).toBe(
      "invalid_job: create must return a plain JSON object: job.flyte_agent_x has a name that begins with flyte_agent_, " +
        "which the server keeps for itself: choose another",
    );
  });

  it("that contains itself is refused", () => {
    const job: Record<string, unknown> = {};
    job.a = job;
    expect(thrown(() => encodeJob(job, 4096))).toMatch(/is nested deeper than 64 levels$/);
  });

  it("that is too large is refused both ways", async () => {
    expect(thrown(() => encodeJob({ a: "x".repeat(10) }, 10))).toBe(
      "job_too_large: the job is 18 bytes, at most 10 are allowed: keep only what get and delete need in it",
    );
    // Jobs of other servers and releases are read far beyond what this one writes.
    expect(await refusal(anything, new Uint8Array(1024 * 1024 + 1))).toBe(
      "invalid_job: resource_meta is 1048577 bytes, at most 1048576 are read",
    );
  });

  it.each([
    ["nothing", new Uint8Array(), "is empty, expected a JSON object"],
    ["text", bytesOf("secret"), "is not JSON"],
    ["bad UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "is not JSON"],
    ["a list", bytesOf("[1]"), "is a list, expected a JSON object"],
    ["a number", bytesOf("12345678901234567890"), "is a bigint, expected a JSON object"],
    ["null", bytesOf("null"), "is null, expected a JSON object"],
    [
      "a pickle",
      Uint8Array.of(0x80, 5, 0x95),
      "was written by a Python connector with cloudpickle, which is never run: this job cannot be taken over",
    ],
  ])("that is %s is not a job", async (_name, bytes, problem) => {
    expect(await refusal(anything, bytes)).toBe(`invalid_job: resource_meta ${problem}`);
  });

  it("that the schema refuses is described without its values", async () => {
    const schema = v.object({
      job_id: v.string(),
      place: v.object({ tables: v.array(v.object({ id: v.number() })) }),
      token: v.string(),
    });
    expect(await refusal(schema, bytesOf('{"place": {"tables": [{"id": "secret"}]}, "token": null}'))).toBe(
      "invalid_job: resource_meta is not a job of this agent: job_id is missing, " +
        "place.tables[0].id is a string that does not fit: expected number, token is null that does not fit: expected string",
    );
    const never = v.pipe(
      v.looseObject({}),
      v.check(() => false),
    );
    expect(await refusal(never, bytesOf("{}"))).toBe(
      "invalid_job: resource_meta is not a job of this agent: it as a whole does not fit",
    );
  });
});
