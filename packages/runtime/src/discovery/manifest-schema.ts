import * as v from "valibot";
import { knownEntries } from "../validation/known-entries.ts";
import { pluginIdPattern } from "./plugin-id.ts";

/** A manifest as its author wrote it. */
export interface ManifestInput {
  readonly $schema?: string | undefined;
  readonly manifestVersion: number;
  readonly apiVersion: number;
  readonly id?: string | undefined;
  readonly entry?: string | undefined;
  readonly taskTypes: readonly TaskTypeInput[];
  readonly displayName?: string | undefined;
  readonly docs?: string | undefined;
  readonly secrets?: readonly string[] | undefined;
  readonly env?: readonly string[] | undefined;
  readonly isolation?: "inline" | "worker" | "process" | undefined;
  readonly load?: "lazy" | "warm" | "eager" | undefined;
  readonly permissions?: PermissionsInput | undefined;
  readonly timeouts?: TimeoutsInput | undefined;
}

/** One task type as a manifest declares it. */
export interface TaskTypeInput {
  readonly name: string;
  readonly version?: number | undefined;
  readonly mode?: "async" | "sync" | undefined;
  readonly agent?: string | undefined;
}

/** Permissions as a manifest declares them. */
export interface PermissionsInput {
  readonly net?: readonly string[] | undefined;
  readonly fsRead?: readonly string[] | undefined;
  readonly fsWrite?: readonly string[] | undefined;
  readonly childProcess?: boolean | undefined;
  readonly nativeAddons?: boolean | undefined;
}

/** Time-outs as a manifest declares them, in milliseconds. */
export interface TimeoutsInput {
  readonly import?: number | undefined;
  readonly activate?: number | undefined;
  readonly request?: number | undefined;
}

const idForm = "lower-case letters, digits and dashes, at most 63, a letter first";
const entryForm = 'a path inside the package that starts with "./"';

/**
 * Schema of a manifest, version 1, without the keys that start with `x-`, which are free. The message of each issue
 * says what was expected. `manifest.schema.json` of the SDK is generated from it.
 */
export const manifestSchema: v.GenericSchema<unknown, ManifestInput> = v.strictObject(
  knownEntries({
    $schema: v.optional(v.string("the address of a JSON Schema")),
    manifestVersion: described(v.literal(1, "1"), "Version of this format."),
    apiVersion: described(wholeNumber(1, 1_000_000), "Level of the runtime's contract that the plugin needs."),
    id: v.optional(
      described(
        v.pipe(v.string(idForm), v.regex(pluginIdPattern, idForm)),
        "Key in configuration, command line and metrics. Default: the package's name without scope and `flyte-agent-`.",
      ),
    ),
    entry: v.optional(
      described(
        v.pipe(v.string(entryForm), v.regex(/^\.\/(?!(?:.*\/)?\.\.(?:\/|$)).+$/, entryForm)),
        'Module with the default export. Default: `exports["./flyte-agent"]`, else the main entry of the package.',
      ),
    ),
    taskTypes: v.pipe(
      v.array(taskType(), "a list of task types"),
      v.minLength(1, "at least one task type"),
      v.maxLength(256, "at most 256 task types"),
    ),
    displayName: v.optional(described(text(200), "Name for people.")),
    docs: v.optional(described(text(2000), "Address of the documentation.")),
    secrets: v.optional(described(names(), "Names of the secrets that the plugin reads.")),
    env: v.optional(described(names(), "Names of the environment variables that the plugin reads.")),
    isolation: v.optional(described(oneOf(["inline", "worker", "process"]), "The least isolation that it needs.")),
    load: v.optional(described(oneOf(["lazy", "warm", "eager"]), "When its module is loaded.")),
    permissions: v.optional(
      v.strictObject(
        knownEntries({
          net: v.optional(names()),
          fsRead: v.optional(names()),
          fsWrite: v.optional(names()),
          childProcess: v.optional(v.boolean("true or false")),
          nativeAddons: v.optional(v.boolean("true or false")),
        }),
        "an object",
      ),
    ),
    timeouts: v.optional(
      described(
        v.strictObject(
          knownEntries({
            import: v.optional(wholeNumber(1, 3_600_000)),
            activate: v.optional(wholeNumber(1, 3_600_000)),
            request: v.optional(wholeNumber(1, 3_600_000)),
          }),
          "an object",
        ),
        "Upper bounds in milliseconds.",
      ),
    ),
  }),
  "an object",
);

function taskType(): v.GenericSchema<unknown, TaskTypeInput> {
  return v.strictObject(
    knownEntries({
      name: described(text(200), "Flyte's name of the task type."),
      version: v.optional(described(wholeNumber(0, 2_147_483_647), "Version of the task type. Default: 0.")),
      mode: v.optional(described(oneOf(["async", "sync"]), "`async` (also for sensors) or `sync`. Default: async.")),
      agent: v.optional(described(text(200), "The name that Flyte lists. Default: displayName, else the id.")),
    }),
    "an object with a name",
  );
}

function names(): v.GenericSchema<unknown, string[]> {
  return v.array(text(200), "a list of names");
}

function text(maxLength: number): v.GenericSchema<unknown, string> {
  const expected = `a string of 1 to ${maxLength} characters`;
  return v.pipe(v.string(expected), v.minLength(1, expected), v.maxLength(maxLength, expected));
}

function oneOf<const Option extends string>(options: readonly Option[]): v.GenericSchema<unknown, Option> {
  return v.picklist(options, `one of ${options.join(", ")}`);
}

function wholeNumber(least: number, most: number): v.GenericSchema<unknown, number> {
  const expected = `a whole number from ${least} to ${most}`;
  return v.pipe(v.number(expected), v.integer(expected), v.minValue(least, expected), v.maxValue(most, expected));
}

function described<Value>(
  schema: v.GenericSchema<unknown, Value>,
  description: string,
): v.GenericSchema<unknown, Value> {
  return v.pipe(schema, v.description(description));
}
