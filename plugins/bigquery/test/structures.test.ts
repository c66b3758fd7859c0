import { expect, it } from "vitest";
import { bigQueryTask } from "./bigquery-task.ts";
import { serveBigQuery } from "./serve-bigquery.ts";

const nested = {
  title: "Order",
  type: "object",
  properties: {
    id: { type: "integer" },
    at: { type: "string", format: "date-time" },
    day: { type: "string", format: "date" },
    took: { type: "number", format: "time-delta" },
    note: { anyOf: [{ type: "string" }, { type: "null" }] },
    customer: { $ref: "#/$defs/Customer" },
    either: { anyOf: [{ type: "integer" }, { type: "string" }] },
    extra: { type: "object", additionalProperties: { type: "number" } },
    pair: { type: "array", prefixItems: [{ type: "integer" }, { type: "string" }] },
    anything: {},
    odd: { type: "number", format: "constructor" },
    word: { type: "string", format: "toString" },
  },
  $defs: {
    Customer: {
      type: "object",
      properties: { name: { type: "string" }, tags: { type: "array", items: { enum: ["a", "b"] } } },
    },
  },
};

it("types of a structure come from its JSON schema, in the order of the value", async () => {
  const value = {
    customer: { tags: ["a"], name: "Ada" },
    id: 7,
    at: "2026-01-01T01:00:00+01:00",
    day: "2026-01-01",
    took: 90.5,
    note: null,
    either: "x",
    extra: { b: 1.5 },
    pair: [1, "x"],
    anything: null,
    odd: 1.5,
    word: "w",
  };
  const parameter = await sent({ simple: "STRUCT", metadata: nested }, value);
  expect(parameter).toEqual({
    parameterType: {
      type: "STRUCT",
      structTypes: [
        {
          name: "customer",
          type: {
            type: "STRUCT",
            structTypes: [
              { name: "tags", type: { type: "ARRAY", arrayType: { type: "STRING" } } },
              { name: "name", type: { type: "STRING" } },
            ],
          },
        },
        { name: "id", type: { type: "INT64" } },
        { name: "at", type: { type: "DATETIME" } },
        { name: "day", type: { type: "DATE" } },
        { name: "took", type: { type: "INTERVAL" } },
        { name: "note", type: { type: "STRING" } },
        { name: "either", type: { type: "STRING" } },
        { name: "extra", type: { type: "JSON" } },
        { name: "pair", type: { type: "JSON" } },
        { name: "anything", type: { type: "JSON" } },
        { name: "odd", type: { type: "FLOAT64" } },
        { name: "word", type: { type: "STRING" } },
      ],
    },
    parameterValue: {
      structValues: {
        customer: { structValues: { tags: { arrayValues: [{ value: "a" }] }, name: { value: "Ada" } } },
        id: { value: "7" },
        at: { value: "2026-01-01T00:00:00.000000" },
        day: { value: "2026-01-01" },
        took: { value: "0-0 0 0:1:30.500000" },
        note: { value: null },
        either: { value: "x" },
        extra: { value: '{"b":1.5}' },
        pair: { value: '[1,"x"]' },
        anything: { value: null },
        odd: { value: 1.5 },
        word: { value: "w" },
      },
    },
  });
});

it("knows the schemas of old flytekit, with definitions and the root behind a reference", async () => {
  const metadata = {
    $ref: "#/definitions/Row",
    definitions: {
      Row: {
        type: "object",
        properties: { n: { type: "number", format: "integer" }, x: { type: ["number", "null"] } },
      },
    },
  };
  expect(await sent({ simple: "STRUCT", metadata }, { n: 3, x: null })).toMatchObject({
    parameterType: {
      structTypes: [
        { name: "n", type: { type: "INT64" } },
        { name: "x", type: { type: "FLOAT64" } },
      ],
    },
    parameterValue: { structValues: { n: { value: "3" }, x: { value: null } } },
  });
});

it("a structure that holds itself ends where BigQuery does", async () => {
  const metadata = {
    $ref: "#/$defs/Node",
    $defs: { Node: { type: "object", properties: { next: { anyOf: [{ $ref: "#/$defs/Node" }, { type: "null" }] } } } },
  };
  expect(await refusal({ simple: "STRUCT", metadata }, { next: { next: null } })).toMatch(
    /input "x": next\.next.* is nested deeper than 15 levels/,
  );
});

it("an absent structure has its type all the same", async () => {
  const optional = {
    unionType: { variants: [{ simple: "STRUCT", metadata: nested.$defs.Customer }, { simple: "NONE" }] },
  };
  expect(await sent(optional, null)).toEqual({
    parameterType: {
      type: "STRUCT",
      structTypes: [
        { name: "name", type: { type: "STRING" } },
        { name: "tags", type: { type: "ARRAY", arrayType: { type: "STRING" } } },
      ],
    },
    parameterValue: { value: null },
  });
});

it("bytes of a binary without a tag are BYTES, and a pickle is refused", async () => {
  expect(await sent({ simple: "BINARY" }, binary(Buffer.from([0, 1, 255])))).toEqual({
    parameterType: { type: "BYTES" },
    parameterValue: { value: "AAH/" },
  });
  const pickle = Buffer.from("8005950500000000000000430100942e", "hex");
  expect(await refusal({ simple: "BINARY" }, binary(pickle))).toContain('input "x": is a pickle');
});

it.each([
  ["a string, expected a list", { type: "array", items: { type: "string" } }],
  ["a string, expected a structure", { type: "object", properties: { name: { type: "string" } } }],
])("a member that is not as its type says is refused by its place: is %s", async (problem, schema) => {
  const metadata = { type: "object", properties: { rows: { type: "array", items: { properties: { a: schema } } } } };
  expect(await refusal({ simple: "STRUCT", metadata }, { rows: [{ a: "x" }] })).toContain(
    `input "x": rows[0].a is ${problem}`,
  );
});

it("a member that the type does not have is refused by its place", async () => {
  const metadata = { type: "object", properties: { a: { type: "string" } } };
  expect(await refusal({ simple: "STRUCT", metadata }, { a: "x", b: "y" })).toContain(
    'input "x": b is a field that its type does not have',
  );
});

it("what JSON cannot hold is refused by name", async () => {
  expect(await refusal({ mapValueType: { simple: "FLOAT" } }, { a: Number.NaN })).toContain(
    'input "x": holds nan, inf or too many levels',
  );
});

/** A literal as Flyte sends it: there is no value in JavaScript that becomes one. */
function binary(bytes: Uint8Array): object {
  return {
    $typeName: "flyteidl2.core.Literal",
    value: {
      case: "scalar",
      value: {
        $typeName: "flyteidl2.core.Scalar",
        value: { case: "binary", value: { $typeName: "flyteidl2.core.Binary", value: bytes, tag: "" } },
      },
    },
    hash: "",
    metadata: {},
  };
}

/** The parameter that an input of this type and value becomes. */
async function sent(type: object, value: unknown): Promise<unknown> {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  await host.create(taskWith(type, value));
  const { query } = bigQuery.jobs[0]?.configuration ?? {};
  // The shim has checked that these are parameters.
  const { queryParameters } = query as { readonly queryParameters: readonly { readonly name: string }[] };
  const [{ name: _, ...parameter } = { name: "" }] = queryParameters;
  return parameter;
}

/** Why a task with that input fails, of which BigQuery hears nothing. */
async function refusal(type: object, value: unknown): Promise<string> {
  await using served = await serveBigQuery();
  const { phase, message } = await served.host.run(taskWith(type, value));
  expect(phase).toBe("failed");
  expect(served.bigQuery.requestsOf("insert")).toEqual([]);
  return message;
}

function taskWith(type: object, value: unknown): ReturnType<typeof bigQueryTask> {
  return bigQueryTask({ sql: "SELECT @x", inputTypes: { x: type }, inputs: { x: value } });
}
