import type { LiteralType } from "@flyte-agent/literals";
import { isPlainObject, quoteCut } from "@flyte-agent/literals/internal";
import { AgentError } from "./agent-error.ts";
import { invalidJob, jobTooLarge } from "./errors.ts";
import { readOutputTypes } from "./job-output-types.ts";
import { kindOf, schemaProblem } from "./schema-problem.ts";
import type { StandardSchema } from "./standard-schema.ts";

const maxJobDepth = 64;
const maxReadBytes = 1024 * 1024;
const pickleProtocol = 0x80;
/** Keys of jobs that begin so are the server's. */
const reservedPrefix = "flyte_agent_";

/**
 * Writes the job that `create` returned as `resource_meta`: a JSON object in UTF-8, bigint as JSON integers of any
 * length, which Python reads back exactly.
 *
 * @throws AgentError `invalid_job` if it is no plain JSON object, with the place; `job_too_large` beyond `maxBytes`.
 */
export function encodeJob(job: unknown, maxBytes: number): Uint8Array {
  if (!isPlainObject(job)) throw unfit("job", job, "an object");
  const reserved = Object.keys(job).find((key) => key.startsWith(reservedPrefix));
  if (reserved !== undefined) {
    throw unwritable(
      `${memberPath("job", reserved)} has a name that begins with ${reservedPrefix}, which the server keeps for itself: ` +
        "choose another",
    );
  }
  const bytes = new TextEncoder().encode(jsonOf(job, "job", 0));
  if (bytes.length > maxBytes) throw jobTooLarge(bytes.length, maxBytes);
  return bytes;
}

// `JSON.stringify` drops what it cannot write, or makes it null, without a word; and it cannot write a bigint.
function jsonOf(value: unknown, path: string, depth: number): string {
  if (depth > maxJobDepth) throw unwritable(`${path} is nested deeper than ${maxJobDepth} levels`);
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.toWellFormed());
    case "boolean":
      return String(value);
    case "bigint":
      return value.toString();
    case "number":
      if (!Number.isFinite(value)) throw unwritable(`${path} is ${value}, which JSON cannot hold`);
      // Of -0 it would make 0. Python reads this as the integer 0, and JavaScript as -0.
      return Object.is(value, -0) ? "-0" : JSON.stringify(value);
    default:
      if (value === null) return "null";
  }
  if (Array.isArray(value)) {
    // `Array.from` also visits the holes that `map` skips.
    return `[${Array.from(value, (item, index) => jsonOf(item, `${path}[${index}]`, depth + 1)).join(",")}]`;
  }
  if (!isPlainObject(value)) throw unfit(path, value, "JSON");
  const members = Object.entries(value).map(([key, member]) => {
    return `${JSON.stringify(key.toWellFormed())}:${jsonOf(member, memberPath(path, key), depth + 1)}`;
  });
  return `{${members.join(",")}}`;
}

function memberPath(path: string, key: string): string {
  return /^[A-Za-z_]\w{0,63}$/.test(key) ? `${path}.${key}` : `${path}[${quoteCut(key)}]`;
}

function unfit(path: string, value: unknown, expected: string): AgentError {
  return unwritable(`${path} is ${kindOf(value)}, expected ${expected}`);
}

function unwritable(problem: string): AgentError {
  return new AgentError("invalid_job", `create must return a plain JSON object: ${problem}`);
}

/** What `resource_meta` holds. */
export interface DecodedJob<Job> {
  /** The author's job. */
  readonly job: Job;
  /** The declared types of the task's outputs, if the server that created the job added them. */
  readonly outputTypes: ReadonlyMap<string, LiteralType> | undefined;
}

/**
 * Reads `resource_meta` back. Integers beyond 2^53 come as bigint, so that no digit is lost. Keys that the server keeps
 * for itself are not shown to the schema.
 *
 * Whatever limit jobs have where they are written, those of other servers, of other releases and from before the limit
 * was changed are read: up to 1 MiB, below what etcd takes.
 *
 * @throws AgentError `invalid_job`, in one sentence that shows no values, if the bytes are no JSON object, too many, or
 *   not what the schema allows.
 */
export async function decodeJob<Job>(schema: StandardSchema<Job>, bytes: Uint8Array): Promise<DecodedJob<Job>> {
  const stored = parseJob(bytes);
  const value = withoutReserved(stored);
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return { job: result.value, outputTypes: readOutputTypes(stored) };
  const problems = [...new Set(result.issues.slice(0, 3).map((issue) => schemaProblem(issue, value)))];
  throw invalidJob(`is not a job of this agent: ${problems.join(", ")}`);
}

function withoutReserved(stored: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(stored);
  if (!keys.some((key) => key.startsWith(reservedPrefix))) return stored;
  return Object.fromEntries(Object.entries(stored).filter(([key]) => !key.startsWith(reservedPrefix)));
}

function parseJob(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length === 0) throw invalidJob("is empty, expected a JSON object");
  if (bytes.length > maxReadBytes) throw invalidJob(`is ${bytes.length} bytes, at most ${maxReadBytes} are read`);
  if (bytes[0] === pickleProtocol) {
    throw invalidJob(
      "was written by a Python connector with cloudpickle, which is never run: this job cannot be taken over",
    );
  }
  const value = parseJson(bytes);
  if (!isPlainObject(value)) throw invalidJob(`is ${kindOf(value)}, expected a JSON object`);
  return value;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // Only long numbers need the slower way.
    return /\d{16}/.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw invalidJob("is not JSON");
  }
}

function exactInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const { source = "" } = context ?? {};
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}
