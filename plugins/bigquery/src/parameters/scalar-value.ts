import { type Duration, type FlyteValue, type Instant, instant } from "@flyte-agent/sdk";

/** The value of a parameter as JSON (`QueryParameterValue.value`); `undefined` if the value is not of the type. */
export function scalarValue(type: string, value: FlyteValue): string | number | undefined {
  switch (type) {
    case "INT64":
      return isWhole(value) ? String(value) : undefined;
    case "FLOAT64":
      return floatValue(value);
    case "BOOL":
      return typeof value === "boolean" ? String(value) : undefined;
    case "STRING":
      return typeof value === "string" ? value : undefined;
    case "BYTES":
      return bytesText(value);
    case "DATE":
    case "DATETIME":
    case "TIMESTAMP":
      return momentText(type, value);
    case "INTERVAL":
      return intervalText(value);
    default:
      // NUMERIC, TIME, GEOGRAPHY and whatever else a task names: BigQuery reads their texts itself.
      return typeof value === "string" || typeof value === "bigint" || typeof value === "number"
        ? String(value)
        : undefined;
  }
}

function isWhole(value: FlyteValue): boolean {
  return typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
}

// Google's clients write these three as text, since JSON has no numbers for them.
function floatValue(value: FlyteValue): string | number | undefined {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "number") return undefined;
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

function bytesText(value: FlyteValue): string | undefined {
  const bytes = bytesOf(value);
  if (bytes !== undefined) return isPickled(bytes) ? undefined : Buffer.from(bytes).toString("base64");
  // Inside a structure, bytes may be base64 text already.
  return typeof value === "string" && /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)
    ? value.replaceAll(/\s/g, "")
    : undefined;
}

/** Of bytes inside a structure, or of a binary literal without a tag: the SDK hands those on as it got them. */
function bytesOf(value: FlyteValue): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  const isBinary = typeof value === "object" && value !== null && "bytes" in value && value.bytes instanceof Uint8Array;
  return isBinary ? value.bytes : undefined;
}

/** Pickles begin with the opcodes PROTO and, from protocol 4 on, FRAME, and end with STOP. */
function isPickled(bytes: Uint8Array): boolean {
  const [proto, version = 0, frame] = bytes;
  return proto === 0x80 && version >= 4 && version <= 5 && frame === 0x95 && bytes.at(-1) === 0x2e;
}

/** In UTC with microseconds, as Google's Python client writes it. */
function momentText(type: "DATE" | "DATETIME" | "TIMESTAMP", value: FlyteValue): string | undefined {
  if (typeof value === "string" && type === "DATE" && /^\d{4}-\d\d-\d\d$/.test(value)) return value;
  const moment = typeof value === "string" ? parseMoment(value) : isInstant(value) ? value : undefined;
  if (moment === undefined) return undefined;
  const micros = floorDivide(moment.epochNanoseconds, 1_000n);
  const millis = floorDivide(micros, 1_000n);
  const iso = new Date(Number(millis)).toISOString();
  const date = iso.slice(0, 10);
  const time = `${iso.slice(11, 23)}${String(micros - millis * 1_000n).padStart(3, "0")}`;
  if (type === "DATE") return date;
  return type === "DATETIME" ? `${date}T${time}` : `${date} ${time}+00:00`;
}

/** Text without an offset is UTC, as everywhere in Flyte. */
function parseMoment(text: string): Instant | undefined {
  for (const candidate of [text, `${text}Z`]) {
    try {
      return instant(candidate);
    } catch {
      // The next way to read it.
    }
  }
  return undefined;
}

function isInstant(value: FlyteValue): value is Instant {
  return typeof value === "object" && value !== null && "epochNanoseconds" in value;
}

/** Hours, minutes and seconds, as many as it takes: a day of a timedelta has 24 hours, one of BigQuery's need not. */
function intervalText(value: FlyteValue): string | undefined {
  if (typeof value === "string") return value;
  const micros = intervalMicros(value);
  if (micros === undefined) return undefined;
  const size = micros < 0n ? -micros : micros;
  const seconds = size / 1_000_000n;
  const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map(String);
  const fraction = String(size % 1_000_000n).padStart(6, "0");
  return `0-0 0 ${micros < 0n ? "-" : ""}${parts.join(":")}.${fraction}`;
}

function intervalMicros(value: FlyteValue): bigint | undefined {
  if (isDuration(value)) return value.nanoseconds / 1_000n;
  if (typeof value === "bigint") return value * 1_000_000n;
  // Inside a structure, Python writes seconds as a float.
  return typeof value === "number" && Number.isFinite(value) ? BigInt(Math.round(value * 1e6)) : undefined;
}

function isDuration(value: FlyteValue): value is Duration {
  return typeof value === "object" && value !== null && "nanoseconds" in value && "seconds" in value;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
