import * as v from "valibot";
import { isStorePlace } from "../stores/store-place.ts";
import { knownEntries } from "../validation/known-entries.ts";
import type { ConfigFile } from "./config-file.ts";

const port = "a whole number from 0 to 65535";
const originExample = 'an origin such as "https://app.example.com", or "*" for every one';
const places = '"s3://bucket", "gs://bucket/prefix" or "s3://" for every bucket';

/** Schema of a configuration file. The message of each issue says what was expected. */
export const configFileSchema: v.GenericSchema<unknown, ConfigFile> = v.strictObject(
  knownEntries({
    server: v.optional(
      v.strictObject(
        knownEntries({
          host: v.optional(text("an address to listen on")),
          port: v.optional(wholeNumber(port, 0, 65_535)),
          prometheusPort: v.optional(v.union([v.literal("off"), wholeNumber(port, 0, 65_535)], `${port}, or "off"`)),
          maxMessageBytes: v.optional(byteCount()),
          maxJsonBytes: v.optional(byteCount()),
          unaryLane: v.optional(v.boolean("true or false")),
          maxConcurrentStreams: v.optional(wholeNumber("a whole number from 1 to 4294967295", 1, 4_294_967_295)),
          drainTimeoutMs: v.optional(wholeNumber("a whole number of milliseconds, at most 3600000", 0, 3_600_000)),
          tls: v.optional(
            v.strictObject(
              knownEntries({
                certFile: v.optional(text("the path of a PEM file")),
                keyFile: v.optional(text("the path of a PEM file")),
              }),
              "an object with the keys certFile and keyFile",
            ),
          ),
          cors: v.optional(
            v.strictObject(
              knownEntries({ origins: v.optional(v.array(origin(), `a list, each item ${originExample}`)) }),
              "an object with the key origins",
            ),
          ),
        }),
        "an object",
      ),
    ),
    log: v.optional(
      v.strictObject(
        knownEntries({
          level: v.optional(oneOf(["debug", "info", "warn", "error"])),
          format: v.optional(oneOf(["auto", "json", "pretty"])),
        }),
        "an object",
      ),
    ),
    plugins: v.optional(
      v.strictObject(
        knownEntries({
          discovery: v.optional(oneOf(["auto", "scan"])),
          list: v.optional(textList("package names or paths")),
          allow: v.optional(textList("ids or package names")),
          deny: v.optional(textList("ids or package names")),
          disabled: v.optional(textList("ids or package names")),
          optional: v.optional(textList("ids or package names")),
          routes: v.optional(
            v.record(v.string(), text("the id of a plugin"), 'an object such as { "task_type@0": "plugin-id" }'),
          ),
          onFailure: v.optional(oneOf(["degrade", "abort"])),
        }),
        "an object",
      ),
    ),
    config: v.optional(anythingByName("an object with the options of each plugin by its id")),
    inputs: v.optional(
      v.strictObject(
        knownEntries({
          maxLiterals: v.optional(wholeNumber("a whole number from 1 to 4294967295", 1, 4_294_967_295)),
          offloaded: v.optional(
            v.strictObject(
              knownEntries({
                allow: v.optional(v.array(storePlace(), `a list of places such as ${places}`)),
                maxBytes: v.optional(byteCount()),
              }),
              "an object with the keys allow and maxBytes",
            ),
          ),
        }),
        "an object",
      ),
    ),
    limits: v.optional(
      v.strictObject(
        knownEntries({
          maxTemplateBytes: v.optional(byteCount()),
          maxJobBytes: v.optional(byteCount()),
          maxAnswerBytes: v.optional(byteCount()),
        }),
        "an object",
      ),
    ),
  }),
  "an object",
);

function text(expected: string): v.GenericSchema<unknown, string> {
  return v.pipe(v.string(expected), v.minLength(1, expected));
}

function textList(ofWhat: string): v.GenericSchema<unknown, string[]> {
  return v.array(text(`a text that is not empty`), `a list of ${ofWhat}`);
}

function oneOf<const Option extends string>(options: readonly Option[]): v.GenericSchema<unknown, Option> {
  return v.picklist(options, `one of ${options.join(", ")}`);
}

function wholeNumber(expected: string, least: number, most: number): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(least, expected), v.maxValue(most, expected));
}

function storePlace(): v.GenericSchema<unknown, string> {
  return v.pipe(v.string(places), v.check(isStorePlace, places));
}

// valibot leaves `constructor` and `prototype` out of a record, without a word; a plugin may have such an id.
function anythingByName(expected: string): v.GenericSchema<unknown, Record<string, unknown>> {
  const record = v.record(v.string(), v.unknown(), expected);
  return {
    ...record,
    "~run": (dataset, config) => {
      const given = dataset.value;
      const result = record["~run"](dataset, config);
      return result.typed && typeof given === "object" ? { ...result, value: { ...given } } : result;
    },
  };
}

// What a browser sends: scheme, host and, where it is not the scheme's own, the port. Nothing else would ever match.
function origin(): v.GenericSchema<unknown, string> {
  const isOrigin = (text: string): boolean => text === "*" || (URL.canParse(text) && new URL(text).origin === text);
  return v.pipe(v.string(originExample), v.check(isOrigin, originExample));
}

function byteCount(): v.GenericSchema<unknown, number> {
  // The length of a gRPC message is a 32-bit number.
  return wholeNumber("a whole number of bytes from 1 to 4294967295", 1, 4_294_967_295);
}
