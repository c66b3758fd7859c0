import * as v from "valibot";
import { isHostPattern } from "./host-pattern.ts";

/** What the operator may set under `config.webhook`. */
export interface WebhookOptions {
  /**
   * The hosts that tasks may call: names, or `*.example.com` for every name below `example.com` (not itself).
   *
   * @default every host
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /**
   * Refuses addresses of private networks, of this machine and of cloud metadata services. What counts is the address
   * that is connected to, after the name was looked up. Proxies are not used then.
   *
   * @default false
   */
  readonly denyPrivateNetworks: boolean;
  /** How much of an answer is read, in bytes; the rest is cut off with a note. @default 1048576 (1 MiB) */
  readonly maxResponseBytes: number;
  /** The longest time that a task may wait, in seconds; a longer `timeout_sec` is lowered to it. @default 3600 */
  readonly maxTimeoutSec: number;
  /** The statuses that are a success for tasks that name none (`success_statuses`). @default [200], as in flytekit */
  readonly successStatuses: readonly number[];
  /**
   * The secrets that tasks may use as `{secrets.NAME}` in `url` and `headers`, each with the hosts that it may be sent
   * to (patterns as in `allowedHosts`).
   *
   * @default none
   */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
}

const mebibyte = 1024 * 1024;

const hostsBySecret = "expected an object: lists of hosts by name of the secret";

const hostPatterns = v.array(
  v.pipe(
    v.string("expected a string"),
    v.check(isHostPattern, "expected a host name such as example.com or *.example.com, without scheme, port and path"),
  ),
  "expected a list of host names",
);

const schema = v.strictObject({
  allowedHosts: v.optional(hostPatterns),
  denyPrivateNetworks: v.optional(v.boolean("expected true or false"), false),
  // FlytePropeller reads answers of at most 4 MiB, and what is not UTF-8 grows when it is decoded.
  maxResponseBytes: v.optional(wholeNumber(1, 3 * mebibyte), mebibyte),
  // A timer of Node that is set for more than 24 days fires at once.
  maxTimeoutSec: v.optional(wholeNumber(1, 7 * 24 * 3600), 3600),
  successStatuses: v.optional(v.array(wholeNumber(200, 599), "expected a list of HTTP statuses"), [200]),
  secrets: v.optional(
    v.pipe(
      v.custom<object>((given) => typeof given === "object" && !Array.isArray(given), hostsBySecret),
      v.record(v.string(), hostPatterns, hostsBySecret),
    ),
    {},
  ),
});

/** Checks the operator's options and fills in the defaults. */
export const webhookOptions: v.GenericSchema<unknown, WebhookOptions> = schema;

/** The names of the options. */
export const webhookOptionKeys: readonly string[] = Object.keys(schema.entries);

function wholeNumber(least: number, most: number): v.GenericSchema<number> {
  const expected = `expected a whole number from ${least} to ${most}`;
  return v.pipe(v.number(expected), v.integer(expected), v.minValue(least, expected), v.maxValue(most, expected));
}
