import { resolve } from "node:path";
import * as v from "valibot";
import { resolvePluginPath } from "../files/plugin-path.ts";
import type { ResolvedConfig } from "./resolved-config.ts";
import {
  anythingByName,
  byteCount,
  oneOf,
  origin,
  originExample,
  placeExamples,
  storePlace,
  text,
  textList,
  wholeNumber,
} from "./value-schemas.ts";

/** What an operator can set; the rest of {@link ResolvedConfig} is found out. */
export type SettableConfig = Pick<ResolvedConfig, "server" | "log" | "plugins" | "config" | "inputs" | "limits">;

/** All that is to be said of a setting: the schema, the defaults, flags and variables, the help and the documentation come of it. */
export interface SettingRow<Value> {
  /** What it may be; the message says what was expected. */
  readonly schema: v.GenericSchema<unknown, Value>;
  /** The words that it can be, where they are few. */
  readonly choices?: readonly Value[];
  /** Its value where nobody set one. */
  readonly default: Value | undefined;
  /** Makes a value absolute that is relative to the directory of whoever set it. */
  readonly resolve?: (value: Value, directory: string) => Value;
  /** What the value is, as the help of its flag says it. A setting without is for the file alone. */
  readonly flag?: string;
  /** Whether less is protected without it, so that a mistyped variable must not be passed over. */
  readonly protects?: true;
  /** What `docs/configuration.md` says of it. */
  readonly meaning: string;
}

/** Whether a part of the configuration is an object of settings, and not the value of one. */
export type IsSection<Part> = Part extends readonly unknown[]
  ? false
  : Part extends object
    ? string extends keyof Part
      ? false
      : true
    : false;

/** The paths of all settings within a part: `server.tls.certFile`. */
type SettingPath<Part> = {
  [Key in keyof Part & string]: IsSection<NonNullable<Part[Key]>> extends true
    ? `${Key}.${SettingPath<NonNullable<Part[Key]>>}`
    : Key;
}[keyof Part & string];

type ValueAt<Part, Path> = Path extends `${infer Key}.${infer Rest}`
  ? Key extends keyof Part
    ? ValueAt<NonNullable<Part[Key]>, Rest>
    : never
  : Path extends keyof Part
    ? Part[Path]
    : never;

/** A row for each setting that {@link SettableConfig} has, and no other. */
export type SettingTable = {
  readonly [Path in SettingPath<SettableConfig>]: SettingRow<ValueAt<SettableConfig, Path>>;
};

const port = "a whole number from 0 to 65535";

/** Every setting, in the order of the documentation. */
export const settingTable: SettingTable = {
  "server.host": {
    schema: text("an address to listen on"),
    default: "::",
    flag: "address to listen on",
    protects: true,
    meaning: "Address to listen on. `::` takes IPv4 too; on a machine without IPv6 it becomes `0.0.0.0`.",
  },
  "server.port": {
    schema: wholeNumber(port, 0, 65_535),
    default: 8000,
    flag: "port of the agent services; 0 takes a free one",
    meaning: "Port of the agent services. 0 takes a free one.",
  },
  "server.prometheusPort": {
    schema: v.union([v.literal("off"), wholeNumber(port, 0, 65_535)], `${port}, or "off"`),
    default: 9090,
    flag: 'port of the metrics; 0 takes a free one, "off" serves none',
    meaning: "Port of the metrics. 0 takes a free one, `off` serves none.",
  },
  "server.maxMessageBytes": {
    schema: byteCount(),
    default: 16 * 1024 * 1024,
    flag: "largest message that is read, in bytes",
    meaning:
      "Largest message that is read. A larger one is answered with RESOURCE_EXHAUSTED. All requests that are being received or answered hold at most eight times as much; what finds no room is answered with UNAVAILABLE.",
  },
  "server.maxJsonBytes": {
    schema: byteCount(),
    default: 1024 * 1024,
    meaning:
      "Largest request in JSON that is read. A larger one is answered with RESOURCE_EXHAUSTED (`message_too_large`) before it is decoded: a byte of JSON takes up to a hundred times the memory of a byte of gRPC.",
  },
  "server.unaryLane": {
    schema: v.boolean("true or false"),
    default: true,
    meaning:
      "Unary gRPC calls go from the stream to the service and back by a way of our own, which costs a fraction of the general one (Connect's handlers). `false` sends them the general way, with the same answers: for whoever suspects the short one.",
  },
  "server.maxConcurrentStreams": {
    schema: wholeNumber("a whole number from 1 to 4294967295", 1, 4_294_967_295),
    default: 1000,
    flag: "calls that one connection may have open at a time",
    meaning: "Calls that one HTTP/2 connection may have open at a time.",
  },
  "server.drainTimeoutMs": {
    schema: wholeNumber("a whole number of milliseconds, at most 3600000", 0, 3_600_000),
    default: 30_000,
    flag: "how long calls may go on after SIGTERM, in milliseconds",
    meaning: "How long calls may go on after SIGTERM, at most an hour.",
  },
  "server.tls.certFile": {
    schema: text("the path of a PEM file"),
    default: undefined,
    resolve: (path, directory) => resolve(directory, path),
    flag: "file with the certificate chain (PEM); serves over TLS",
    protects: true,
    meaning: "File with the certificate chain (PEM). Set it and the key file, and the server speaks TLS.",
  },
  "server.tls.keyFile": {
    schema: text("the path of a PEM file"),
    default: undefined,
    resolve: (path, directory) => resolve(directory, path),
    flag: "file with the private key (PEM)",
    protects: true,
    meaning: "File with the private key (PEM).",
  },
  "server.cors.origins": {
    schema: v.array(origin(), `a list, each item ${originExample}`),
    default: [],
    flag: "origins of pages that may call the server, separated by commas",
    meaning:
      "Origins of pages in a browser that may call the server, such as `https://app.example.com`; `*` is every origin. In the flag and the variable separated by commas.",
  },
  "log.level": {
    schema: oneOf(["debug", "info", "warn", "error"]),
    choices: ["debug", "info", "warn", "error"],
    default: "info",
    flag: "how much is logged",
    meaning: "`debug`, `info`, `warn` or `error`.",
  },
  "log.format": {
    schema: oneOf(["auto", "json", "pretty"]),
    choices: ["auto", "json", "pretty"],
    default: "auto",
    flag: "how the log looks; auto: pretty on a terminal",
    meaning: "`json`, `pretty`, or `auto`: pretty on a terminal, JSON elsewhere.",
  },
  "plugins.discovery": {
    schema: oneOf(["auto", "scan"]),
    choices: ["auto", "scan"],
    default: "auto",
    flag: "auto: the dependencies in package.json; scan: everything in node_modules",
    meaning:
      "`auto` takes the dependencies in `package.json`, `scan` everything in `node_modules`. See [plugins and discovery](plugins-and-discovery.md).",
  },
  "plugins.list": {
    schema: textList("package names or paths"),
    default: [],
    resolve: (list, directory) => list.map((item) => resolvePluginPath(item, directory)),
    meaning: "Plugins to activate beside those found: names of packages, or paths of their directories.",
  },
  "plugins.allow": {
    schema: textList("ids or package names"),
    default: [],
    meaning: "If it has entries, only plugins that fit one are served.",
  },
  "plugins.deny": {
    schema: textList("ids or package names"),
    default: [],
    meaning: "Plugins that fit an entry are not served, whatever `allow` says.",
  },
  "plugins.disabled": {
    schema: textList("ids or package names"),
    default: [],
    flag: "ids or package names to switch off, separated by commas",
    protects: true,
    meaning: "Plugins to switch off. In the flag and the variable separated by commas.",
  },
  "plugins.optional": {
    schema: textList("ids or package names"),
    default: [],
    meaning: "Plugins that may be missing here, though the configuration names them.",
  },
  "plugins.routes": {
    schema: v.record(v.string(), text("the id of a plugin"), 'an object such as { "task_type@0": "plugin-id" }'),
    default: {},
    meaning: "Which plugin serves a task type, where several could.",
  },
  "plugins.onFailure": {
    schema: oneOf(["degrade", "abort"]),
    choices: ["degrade", "abort"],
    default: "degrade",
    flag: "degrade: serve the other plugins; abort: do not start",
    meaning: "`degrade` serves the other plugins if one cannot be loaded, `abort` does not start.",
  },
  config: {
    schema: anythingByName("an object with the options of each plugin by its id"),
    default: {},
    meaning: "Options of each plugin, by its id. The plugin checks them.",
  },
  "inputs.maxLiterals": {
    schema: wholeNumber("a whole number from 1 to 4294967295", 1, 4_294_967_295),
    default: 500_000,
    meaning:
      "How many literals the inputs of one task may hold, those in lists, maps and unions included. More are answered with RESOURCE_EXHAUSTED before any is decoded.",
  },
  "inputs.offloaded.allow": {
    schema: v.array(storePlace(), `a list of places such as ${placeExamples}`),
    // Whoever may call the server could otherwise have it read whatever its credentials can read.
    default: [],
    meaning:
      "From where offloaded inputs may be read: `s3://bucket`, `gs://bucket/prefix`, or `s3://` for every bucket. See below.",
  },
  "inputs.offloaded.maxBytes": {
    schema: byteCount(),
    default: 64 * 1024 * 1024,
    meaning: "How much offloaded input is read for one task.",
  },
  "limits.maxTemplateBytes": {
    schema: byteCount(),
    // Flyte keeps a task in one object of its own, which etcd takes up to 1.5 MiB.
    default: 1024 * 1024,
    meaning:
      "Largest task template that is read; inputs are no part of it. A larger one is answered with RESOURCE_EXHAUSTED before anything of it is decoded.",
  },
  "limits.maxJobBytes": {
    schema: byteCount(),
    default: 4096,
    meaning:
      "Largest job (`resource_meta`) that an agent may hand to Flyte. The declared types of outputs take up to 1 KiB more; larger jobs of other servers are read.",
  },
  "limits.maxAnswerBytes": {
    schema: byteCount(),
    // FlytePropeller's client keeps gRPC's default limit for what it receives.
    default: 4 * 1024 * 1024,
    meaning: "Largest answer. A larger one, which FlytePropeller could not read, becomes a failure that says so.",
  },
};

/** The rows with their paths, for what treats all settings alike. */
export const settingRows: readonly (readonly [path: readonly [string, ...string[]], row: SettingRow<unknown>])[] =
  Object.entries(settingTable).map(([path, row]) => [
    // A string that is split has one part at least.
    path.split(".") as [string, ...string[]],
    // Each row has functions of its own value; whoever treats all alike hands a row what its own schema let through.
    row as unknown as SettingRow<unknown>,
  ]);
