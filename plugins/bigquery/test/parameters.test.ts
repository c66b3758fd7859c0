import type { AsyncAgent } from "@flyte-agent/sdk";
import { expect, it } from "vitest";
import plugin from "../dist/index.js";
import { startBigQuery } from "./bigquery-shim/start-bigquery.ts";
import { bigQueryTask } from "./bigquery-task.ts";
import { createContext, type FixtureSdk, fixtureSdks, readFixtureTask } from "./sdk-fixture.ts";
import { serveBigQuery } from "./serve-bigquery.ts";

const line = {
  type: "STRUCT",
  structTypes: [
    { name: "product", type: { type: "STRING" } },
    { name: "quantity", type: { type: "INT64" } },
    { name: "price", type: { type: "FLOAT64" } },
  ],
};
const bolt = { structValues: { product: { value: "bolt" }, quantity: { value: "3" }, price: { value: 1 } } };
const nut = { structValues: { product: { value: "nut" }, quantity: { value: "4" }, price: { value: 0.25 } } };

/** By name of the fixture, each parameter as `[type, value]`. */
const expected: Readonly<Record<string, Readonly<Record<string, readonly [type: object, value: object]>>>> = {
  scalars: {
    whole: [{ type: "INT64" }, { value: "-9223372036854775808" }],
    ratio: [{ type: "FLOAT64" }, { value: 0.1 }],
    flag: [{ type: "BOOL" }, { value: "true" }],
    text: [{ type: "STRING" }, { value: 'it\'s "quoted" @whole, ünïcode 🙂\n' }],
    at: [{ type: "DATETIME" }, { value: "2026-11-05T13:45:06.789012" }],
  },
  floats: {
    even: [{ type: "FLOAT64" }, { value: 2 }],
    huge: [{ type: "FLOAT64" }, { value: 1e300 }],
    none: [{ type: "FLOAT64" }, { value: "nan" }],
    over: [{ type: "FLOAT64" }, { value: "inf" }],
    under: [{ type: "FLOAT64" }, { value: "-inf" }],
  },
  "whole-numbers": {
    most: [{ type: "INT64" }, { value: "9223372036854775807" }],
    least: [{ type: "INT64" }, { value: "-9223372036854775808" }],
    zero: [{ type: "INT64" }, { value: "0" }],
  },
  texts: { empty: [{ type: "STRING" }, { value: "" }], digits: [{ type: "STRING" }, { value: "007" }] },
  datetimes: {
    midnight: [{ type: "DATETIME" }, { value: "2026-01-01T00:00:00.000000" }],
    zoned: [{ type: "DATETIME" }, { value: "2025-12-31T23:30:00.000000" }],
    early: [{ type: "DATETIME" }, { value: "1969-07-20T20:17:40.000001" }],
  },
  dates: { day: [{ type: "DATETIME" }, { value: "2026-02-28T00:00:00.000000" }] },
  durations: {
    wait: [{ type: "INTERVAL" }, { value: "0-0 0 36:0:0.000005" }],
    back: [{ type: "INTERVAL" }, { value: "0-0 0 -0:0:0.250000" }],
  },
  lists: {
    wholes: [array("INT64"), { arrayValues: [{ value: "1" }, { value: "2" }, { value: "3" }] }],
    ratios: [array("FLOAT64"), { arrayValues: [{ value: 1 }, { value: 0.5 }] }],
    flags: [array("BOOL"), { arrayValues: [{ value: "true" }, { value: "false" }] }],
    texts: [array("STRING"), { arrayValues: [{ value: "a" }, { value: "b" }] }],
    times: [array("DATETIME"), { arrayValues: [{ value: "2026-01-01T00:00:00.000000" }] }],
  },
  "empty-lists": {
    wholes: [array("INT64"), { arrayValues: [] }],
    texts: [array("STRING"), { arrayValues: [] }],
  },
  dataclass: {
    an_order: [
      {
        type: "STRUCT",
        structTypes: [
          { name: "number", type: { type: "INT64" } },
          { name: "paid", type: { type: "BOOL" } },
          { name: "note", type: { type: "STRING" } },
          { name: "lines", type: { type: "ARRAY", arrayType: line } },
          { name: "weights", type: array("FLOAT64") },
        ],
      },
      {
        structValues: {
          number: { value: "9007199254740993" },
          paid: { value: "true" },
          note: { value: null },
          lines: { arrayValues: [bolt, nut] },
          weights: { arrayValues: [{ value: 1 }, { value: 2.5 }] },
        },
      },
    ],
  },
  "list-of-dataclass": { items: [{ type: "ARRAY", arrayType: line }, { arrayValues: [bolt, nut] }] },
  optional: {
    absent: [{ type: "INT64" }, { value: null }],
    present: [{ type: "INT64" }, { value: "5" }],
    no_text: [{ type: "STRING" }, { value: null }],
    no_list: [array("STRING"), { value: null }],
  },
  union: { either: [{ type: "STRING" }, { value: "seven" }] },
  "untyped-dict": { settings: [{ type: "JSON" }, { value: '{"depth":3,"nested":{"on":true,"off":null}}' }] },
  map: { counts: [{ type: "JSON" }, { value: '{"a":1,"b":2}' }] },
};

const sdks = Object.keys(fixtureSdks) as readonly FixtureSdk[]; // the keys of that object

it.each(sdks.flatMap((sdk) => Object.keys(expected).map((name) => [sdk, name] as const)))(
  "inputs of %s become parameters: %s",
  async (sdk, name) => {
    expect(await sentParameters(sdk, name)).toEqual(expected[name]);
  },
);

it("an enum is its value in flytekit, and its name in flyte-sdk", async () => {
  expect(await sentParameters("flytekit-1.16.31", "enum")).toEqual({
    colour: [{ type: "STRING" }, { value: "green" }],
  });
  expect(await sentParameters("flyte-sdk-2.12.1", "enum")).toEqual({
    colour: [{ type: "STRING" }, { value: "GREEN" }],
  });
});

it("a model of pydantic is a STRUCT in the order of its value", async () => {
  const type = {
    type: "STRUCT",
    structTypes: [
      { name: "weight", type: { type: "FLOAT64" } },
      { name: "tags", type: array("STRING") },
    ],
  };
  const value = { structValues: { weight: { value: 2 }, tags: { arrayValues: [{ value: "a" }] } } };
  expect(await sentParameters("flyte-sdk-2.12.1", "pydantic")).toEqual({ parcel: [type, value] });
});

it.each(sdks)(
  "parameters of the task's config stay beside inputs, which win and take their types (%s)",
  async (sdk) => {
    expect(await sentParameters(sdk, "config-parameters")).toEqual({
      a: [{ type: "INT64" }, { value: "1" }],
      b: [array("STRING"), { arrayValues: [{ value: "x" }, { value: "y" }] }],
      at: [{ type: "TIMESTAMP" }, { value: "2026-01-01 12:00:00.000000+00:00" }],
    });
  },
);

it.each(
  sdks.flatMap((sdk) => [
    [sdk, "bytes", 'input "raw": is a Python pickle, which nobody but Python can read'] as const,
    [sdk, "nested-list", 'input "grid": is a list of lists, which BigQuery does not have'] as const,
    [sdk, "file", 'input "report": is a file, and BigQuery has no such parameters'] as const,
  ]),
)("%s: what BigQuery cannot be told is refused by name: %s", async (sdk, name, message) => {
  await using bigQuery = await startBigQuery();
  const agent = await agentFor(bigQuery.endpoint);
  const task = await readFixtureTask(sdk, name, agent);
  await expect(agent.create(task, createContext(fixtureSdks[sdk]))).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining(message),
  });
  expect(bigQuery.requestsOf("insert")).toEqual([]);
});

it.each([
  ["simple: DATE", { simple: "DATETIME" }, "2026-02-28T23:59:59Z", "DATE", "2026-02-28"],
  ["TIMESTAMP", { simple: "DATETIME" }, "2026-02-28T23:59:59.5Z", "TIMESTAMP", "2026-02-28 23:59:59.500000+00:00"],
  ["NUMERIC", { simple: "STRING" }, "12.30", "NUMERIC", "12.30"],
  ["DATE as text", { simple: "STRING" }, "2026-02-28", "DATE", "2026-02-28"],
  ["FLOAT", { simple: "INTEGER" }, 7, "FLOAT", 7],
])("a task may name the type of an input: %s", async (_what, declared, input, type, value) => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const queryParameters = [{ name: "x", parameterType: { type }, parameterValue: {} }];
  await host.create(bigQueryTask({ custom: { queryParameters }, inputTypes: { x: declared }, inputs: { x: input } }));
  const [parameter] = parametersOf(bigQuery.jobs[0]?.configuration);
  expect(parameter).toEqual({
    name: "x",
    parameterType: { type: type === "FLOAT" ? "FLOAT64" : type },
    parameterValue: { value },
  });
});

it("negative zero keeps its sign, alone and in JSON", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const inputTypes = { ratio: { simple: "FLOAT" }, tree: { simple: "STRUCT" } };
  await host.create(bigQueryTask({ inputTypes, inputs: { ratio: -0, tree: { change: -0 } } }));
  expect(parametersOf(bigQuery.jobs[0]?.configuration)).toMatchObject([
    { name: "ratio", parameterType: { type: "FLOAT64" }, parameterValue: { value: -0 } },
    { name: "tree", parameterType: { type: "JSON" }, parameterValue: { value: '{"change":-0.0}' } },
  ]);
});

it("an input that does not fit the type that its task names is refused", async () => {
  await using served = await serveBigQuery();
  const queryParameters = [{ name: "x", parameterType: { type: "INT64" }, parameterValue: {} }];
  const task = bigQueryTask({
    custom: { queryParameters },
    inputTypes: { x: { simple: "STRING" } },
    inputs: { x: "7" },
  });
  expect(await served.host.run(task)).toMatchObject({
    phase: "failed",
    message: 'input "x": is a string, which cannot be given as INT64 [invalid_input]',
  });
});

it("lists and structures take types that the task names", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const arrayType = {
    type: "STRUCT",
    structTypes: [
      { name: "day", type: { type: "DATE" } },
      { name: "n", type: { type: "INTEGER" } },
    ],
  };
  const queryParameters = [{ name: "rows", parameterType: { type: "ARRAY", arrayType }, parameterValue: {} }];
  const inputTypes = { rows: { collectionType: { simple: "STRUCT" } } };
  await host.create(
    bigQueryTask({
      custom: { queryParameters },
      inputTypes,
      inputs: {
        rows: [
          { day: "2026-01-01", n: 1 },
          { day: null, n: 2 },
        ],
      },
    }),
  );
  const [parameter] = parametersOf(bigQuery.jobs[0]?.configuration);
  expect(parameter).toMatchObject({
    parameterValue: {
      arrayValues: [
        { structValues: { day: { value: "2026-01-01" }, n: { value: "1" } } },
        { structValues: { day: { value: null }, n: { value: "2" } } },
      ],
    },
  });
});

it("the operator may name the type of all timestamps", async () => {
  await using served = await serveBigQuery({ options: { datetimeType: "TIMESTAMP" } });
  const { host, bigQuery } = served;
  const inputTypes = { at: { simple: "DATETIME" }, all: { collectionType: { simple: "DATETIME" } } };
  await host.create(
    bigQueryTask({ inputTypes, inputs: { at: "2026-01-01T00:00:00Z", all: ["2026-01-01T00:00:00Z"] } }),
  );
  const types = parametersOf(bigQuery.jobs[0]?.configuration).map(({ parameterType }) => parameterType);
  expect(types).toEqual([{ type: "TIMESTAMP" }, array("TIMESTAMP")]);
});

it("parameters without names are left alone where there are no inputs, and refused beside inputs", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const queryParameters = [{ parameterType: { type: "INT64" }, parameterValue: { value: "1" } }];
  const custom = { queryParameters, parameterMode: "POSITIONAL" };
  await host.create(bigQueryTask({ sql: "SELECT ?", custom }));
  expect(bigQuery.jobs[0]?.configuration.query).toMatchObject(custom);
  const task = bigQueryTask({ custom, inputTypes: { x: { simple: "INTEGER" } }, inputs: { x: 1 } });
  expect(await host.run(task)).toMatchObject({
    phase: "failed",
    message: expect.stringContaining("custom.queryParameters: has parameters without a name"),
  });
});

it("names of parameters are equal in either case, as they are to BigQuery", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const queryParameters = [{ name: "Day", parameterType: { type: "DATE" }, parameterValue: {} }];
  const inputTypes = { day: { simple: "DATETIME" } };
  await host.create(bigQueryTask({ custom: { queryParameters }, inputTypes, inputs: { day: "2026-02-28T00:00:00Z" } }));
  expect(parametersOf(bigQuery.jobs[0]?.configuration)).toEqual([
    { name: "day", parameterType: { type: "DATE" }, parameterValue: { value: "2026-02-28" } },
  ]);
});

it("says in the log which parameters of the config an input replaces", async () => {
  await using served = await serveBigQuery();
  const { host } = served;
  const queryParameters = [{ name: "x", parameterType: { type: "INT64" }, parameterValue: { value: "1" } }];
  await host.create(
    bigQueryTask({ custom: { queryParameters }, inputTypes: { x: { simple: "INTEGER" } }, inputs: { x: 2 } }),
  );
  expect(host.logRecords).toContainEqual(expect.objectContaining({ clashes: ["x"] }));
});

/** Creates a fixture's job, and reads the parameters that BigQuery got. */
async function sentParameters(sdk: FixtureSdk, name: string): Promise<Record<string, readonly [unknown, unknown]>> {
  await using bigQuery = await startBigQuery();
  const agent = await agentFor(bigQuery.endpoint);
  await agent.create(await readFixtureTask(sdk, name, agent), createContext(fixtureSdks[sdk]));
  const parameters = parametersOf(bigQuery.jobs[0]?.configuration);
  return Object.fromEntries(
    parameters.map(({ name, parameterType, parameterValue }) => [name, [parameterType, parameterValue]]),
  );
}

// Through the plugin's own way in, with the schema of its options: only the server around it is left out.
async function agentFor(endpoint: string): Promise<AsyncAgent> {
  const checked = await plugin.options?.["~standard"].validate({ endpoint });
  if (checked === undefined || checked.issues !== undefined) throw new Error("the options do not fit");
  const silent = (): void => undefined;
  const [agent] = await plugin.setup({
    options: checked.value,
    secrets: createContext(1).secrets,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    signal: new AbortController().signal,
  });
  if (agent?.kind !== "async") throw new Error("the plugin has no async agent");
  return agent;
}

interface SentParameter {
  readonly name: string;
  readonly parameterType: unknown;
  readonly parameterValue: unknown;
}

function parametersOf(configuration: Readonly<Record<string, unknown>> | undefined): readonly SentParameter[] {
  // The shim has checked that these are parameters.
  const { queryParameters = [] } = (configuration?.query ?? {}) as {
    readonly queryParameters?: readonly SentParameter[];
  };
  return queryParameters;
}

function array(type: string): object {
  return { type: "ARRAY", arrayType: { type } };
}
