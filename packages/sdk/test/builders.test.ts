import { type DurationParts, duration, file, instant, structuredDataset } from "@flyte-agent/sdk";
import { describe, expect, it } from "vitest";

/** A Temporal.Duration, which not every Node has. */
function temporal(parts: DurationParts & { readonly months?: number }): DurationParts {
  class Duration {
    get [Symbol.toStringTag](): string {
      return "Temporal.Duration";
    }
  }
  const all = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };
  const fractions = { milliseconds: 0, microseconds: 0, nanoseconds: 0 };
  for (const [part, value] of Object.entries({ ...all, ...fractions, ...parts })) {
    Object.defineProperty(Duration.prototype, part, { get: () => value });
  }
  return new Duration() as DurationParts;
}

describe("instant", () => {
  it.each([
    [0n, "1970-01-01T00:00:00Z"],
    [-1n, "1969-12-31T23:59:59.999999999Z"],
    [new Date("2026-11-24T08:00:00.120Z"), "2026-11-24T08:00:00.12Z"],
    ["2026-11-24T08:00:00.000000001+05:30", "2026-11-24T02:30:00.000000001Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["2026-11-24T08:00:00.123456789000Z", "2026-11-24T08:00:00.123456789Z"],
    ["9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"],
    [{ epochNanoseconds: 5n }, "1970-01-01T00:00:00.000000005Z"],
  ])("of %s is %s", (value, text) => {
    const moment = instant(value);
    expect(moment.toString()).toBe(text);
    expect(JSON.stringify(moment)).toBe(JSON.stringify(text));
    expect(instant(text).epochNanoseconds).toBe(moment.epochNanoseconds);
    expect(Object.isFrozen(moment)).toBe(true);
  });

  it("cuts to milliseconds as a Date", () => {
    expect(instant(-1n).toDate()).toEqual(new Date(-1));
  });

  it.each([
    "",
    "2026-02-30T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01",
    "10000-01-01T00:00:00Z",
    "2026-01-01T00:00:00.0000000001Z",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00+01:60",
  ])("refuses %j", (text) => {
    expect(() => instant(text)).toThrow("not a timestamp: give a Date, or RFC 3339 text with an offset");
  });

  it("refuses years that Python does not have", () => {
    expect(() => instant(-62_135_596_800_000_000_001n)).toThrow("outside the years 1 to 9999");
  });
});

describe("duration", () => {
  it.each([
    [0n, "0s", 0],
    [-1_500_000_000n, "-1.5s", -1.5],
    [
      { days: 1, hours: 1, minutes: 1, seconds: 1, milliseconds: 1, microseconds: 1, nanoseconds: 1n },
      "90061.001001001s",
      90061.001001001,
    ],
    [{ seconds: 0.1 }, "0.1s", 0.1],
    [{ nanoseconds: 0.6 }, "0.000000001s", 1e-9],
    [duration({ seconds: 1.5 }), "1.5s", 1.5],
    [temporal({ hours: 1 }), "3600s", 3600],
  ])("of %s is %s", (value, text, seconds) => {
    const length = duration(value);
    expect(length.toString()).toBe(text);
    expect(JSON.stringify(length)).toBe(JSON.stringify(text));
    expect(length.seconds).toBe(seconds);
    expect(Object.isFrozen(length)).toBe(true);
  });

  it.each([
    [{ seconds: Number.NaN }],
    [{ second: 90 }],
    [{ seconds: 90, unit: "s" }],
    [{}],
    [{ seconds: undefined }],
    [{ toString: 1 }],
    [{ constructor: 5, seconds: 1 }],
    [[]],
    ["90s"],
    [90],
    [null],
    [undefined],
    [new Date(0)],
    [temporal({ months: 1 })],
  ])("refuses %j", (value) => {
    // What a plugin in plain JavaScript may give.
    expect(() => duration(value as DurationParts)).toThrow("not a duration: give parts, such as { seconds: 90 }");
  });

  it("refuses what is too long", () => {
    expect(() => duration(2n ** 80n)).toThrow("longer than 10,000 years");
  });
});

describe("the builders of files and tables", () => {
  it("make frozen plain data", () => {
    const value = file("s3://b/f", { format: "csv", hash: "h", metadata: { a: "b" } });
    expect(JSON.parse(JSON.stringify(value))).toEqual({
      kind: "blob",
      uri: "s3://b/f",
      format: "csv",
      dimensionality: "single",
      hash: "h",
      metadata: { a: "b" },
    });
    expect(Object.isFrozen(value)).toBe(true);
    expect(JSON.stringify(structuredDataset("bq://t"))).toBe(
      '{"kind":"structured_dataset","uri":"bq://t","format":""}',
    );
  });
});
