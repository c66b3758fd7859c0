import { create, type JsonObject, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { compressionGzip } from "@connectrpc/connect-node";
import { flyteidl2 } from "@flyte-agent/idl";
import { encodedConnection } from "../harness/encoded-connection.ts";
import { factsOfJson } from "./facts.ts";
import { collection, listOf, primitive, types } from "./flyte-types.ts";
import { forEachError, oneCall, type TwinCase } from "./twin-case.ts";
import { encodeTemplate, literalMap, type TwinTask, templateOf, twinTask } from "./twin-task.ts";

/** Nothing that protobuf could be. */
const noMessage = new Uint8Array([0xff, 0xff]);

/** CreateTask: what an author's `create` is given, what becomes of its job and of its errors, and requests that are wrong. */
export const createCases: readonly TwinCase[] = [
  asked("create/a job", { scenario: "running" }),
  asked("create/a job with an id beyond ASCII", { scenario: "running", jobId: "Größe 💥" }),
  {
    name: "create/the bytes of a job",
    async ask(client) {
      const { job } = await client.create(twinTask({ scenario: "running", jobId: "Größe" }));
      return { job: new TextDecoder().decode(job) };
    },
  },
  asked("create/another version of the task type", { scenario: "running", version: 2 }),
  asked("create/a job over 4 KiB", { scenario: "large job" }),
  asked("create/a job that JSON cannot hold", { scenario: "unwritable job" }),
  ...forEachError((kind) => asked(`create/error: ${kind}`, { scenario: `raise create ${kind}` })),

  seen("create/sees the template", {
    scenario: "seen",
    custom: { table: "t", nested: { list: [1.5, "x", null, true], empty: {} } },
    template: {
      config: { cluster: "Größe" },
      metadata: {
        runtime: { type: 1, version: "1.16.31" },
        retries: { retries: 3 },
        timeout: { seconds: 90n, nanos: 500_000_000 },
      },
      securityContext: { secrets: [{ group: "g", key: "password" }] },
    },
  }),
  seen("create/sees a container", {
    scenario: "seen",
    template: {
      target: {
        case: "container",
        value: {
          image: "img:1",
          command: ["run"],
          args: ["--input", "s3://x"],
          env: [{ key: "A", value: "b" }],
        },
      },
    },
  }),
  seen("create/sees SQL", {
    scenario: "seen",
    template: { target: { case: "sql", value: { statement: "SELECT 1 -- Größe", dialect: 1 } } },
  }),
  seen("create/sees whole numbers in custom", { scenario: "seen", custom: { rows: 3, big: 2 ** 53 } }),
  seenInputs("create/sees inputs", {
    inputTypes: {
      text: types.string,
      count: types.integer,
      ratio: types.float,
      whole: types.float,
      flag: types.boolean,
      numbers: listOf(types.integer),
    },
    inputs: {
      text: primitive({ case: "stringValue", value: "Größe 💥" }),
      count: primitive({ case: "integer", value: 7n }),
      ratio: primitive({ case: "floatValue", value: 0.5 }),
      whole: primitive({ case: "floatValue", value: 2 }),
      flag: primitive({ case: "boolean", value: true }),
      numbers: collection(primitive({ case: "integer", value: 1n }), primitive({ case: "integer", value: 2n })),
    },
  }),
  seenInputs("create/sees an integer where a float is declared", {
    inputTypes: { ratio: types.float },
    inputs: { ratio: primitive({ case: "integer", value: 2n }) },
  }),
  seenInputs("create/sees a float where an integer is declared", {
    inputTypes: { count: types.integer },
    inputs: { count: primitive({ case: "floatValue", value: 2 }) },
  }),
  seenInputs("create/an input that is missing", { inputTypes: { text: types.string } }),
  seenInputs("create/an input that is not declared", {
    inputTypes: { text: types.string },
    inputs: {
      text: primitive({ case: "stringValue", value: "a" }),
      other: primitive({ case: "stringValue", value: "b" }),
    },
  }),
  seenInputs("create/another input than the one that is declared", {
    inputTypes: { text: types.string },
    inputs: { other: primitive({ case: "stringValue", value: "b" }) },
  }),
  seenInputs("create/inputs where none are declared", {
    inputs: { other: primitive({ case: "stringValue", value: "b" }) },
  }),
  seenInputs("create/an input of another type", {
    inputTypes: { count: types.integer },
    inputs: { count: primitive({ case: "stringValue", value: "many" }) },
  }),

  asked("create/unknown task type", { scenario: "running", type: "twin_unknown" }),
  asked("create/unknown version", { scenario: "running", version: 1 }),
  oneCall("create/without template", (client) => client.create({ inputs: new Uint8Array() })),
  oneCall("create/empty request", (client) => client.create({})),
  oneCall("create/template without task type", (client) =>
    client.create({ ...twinTask({ scenario: "running" }), template: encodeTemplate({}) }),
  ),
  {
    name: "create/template without interface and metadata",
    ask: async (client) => {
      const template = encodeTemplate({ type: "twin", custom: { scenario: "running", job_id: "job-1" } });
      return (await client.create({ ...twinTask({ scenario: "running" }), template })).facts;
    },
  },
  oneCall("create/without custom", (client) =>
    client.create({ ...twinTask({ scenario: "running" }), template: encodeTemplate({ type: "twin" }) }),
  ),
  oneCall("create/template and nothing else", (client) =>
    client.create({ template: templateOf({ scenario: "running" }) }),
  ),
  oneCall("create/template that is no message", (client) =>
    client.create({ ...twinTask({ scenario: "running" }), template: noMessage }),
  ),
  oneCall("create/inputs that are no message", (client) =>
    client.create({ ...twinTask({ scenario: "running" }), inputs: noMessage }),
  ),
  {
    name: "create/the deadline passes",
    ask: async (client) => (await client.create(twinTask({ scenario: "slow create" }), { timeoutMs: 300 })).facts,
  },
  {
    name: "create/compressed with gzip",
    ask: async (client) => {
      const transport = { sendCompression: compressionGzip, compressMinBytes: 0 };
      return (await client.create(twinTask({ scenario: "running" }), { transport })).facts;
    },
  },
  {
    name: "create/request over 4 MiB",
    ask: async (client) => {
      const text = "x".repeat(5 * 1024 * 1024);
      const inputs = { text: primitive({ case: "stringValue", value: text }) };
      return (await client.create(twinTask({ scenario: "running", inputTypes: { text: types.string }, inputs }))).facts;
    },
  },
  oneCall("create/unknown method", (client) => client.unknownMethod()),
  {
    name: "create/of a sync task type",
    only: "1",
    ask: async (client) => (await client.create(twinTask({ scenario: "succeeded", type: "twin_sync" }))).facts,
  },
  {
    name: "create/inputs with a context",
    only: "2",
    ask: async (client) => {
      const task: TwinTask = {
        scenario: "seen",
        inputTypes: { text: types.string },
        inputs: { text: primitive({ case: "stringValue", value: "a" }) },
      };
      const context = create(flyteidl2.InputsSchema, { context: [{ key: "_u_kickoff_time_input_arg", value: "at" }] });
      // Messages that are joined are one message with the fields of both.
      const inputs = Buffer.concat([literalMap(task.inputs ?? {}), toBinary(flyteidl2.InputsSchema, context)]);
      const { job, facts } = await client.create({ ...twinTask(task), inputs });
      return facts.rpc === "OK" ? factsOfJson(seenIn(job).inputs, "inputs") : facts;
    },
  },
  {
    name: "create/sees settings of the connection",
    only: "2",
    ask: async (client) => {
      const connection = encodedConnection({ configs: { region: "eu", Größe: "1" } });
      const { job, facts } = await client.create({ ...twinTask({ scenario: "seen" }), connection });
      return facts.rpc === "OK" ? factsOfJson(seenIn(job).connection, "connection") : facts;
    },
  },
  {
    name: "create/a secret named like an argument",
    only: "2",
    ask: async (client) => {
      const connection = encodedConnection({ secrets: { inputs: "s" } });
      return (await client.create({ ...twinTask({ scenario: "running" }), connection })).facts;
    },
  },
];

function asked(name: string, task: TwinTask): TwinCase {
  return { name, ask: async (client) => (await client.create(twinTask(task))).facts };
}

// What the author's function was given, as the job of the scenario "seen" keeps it.
function seen(name: string, task: TwinTask, part: (seen: Seen) => JsonValue = (whole) => whole): TwinCase {
  return {
    name,
    async ask(client) {
      const { job, facts } = await client.create(twinTask(task));
      return facts.rpc === "OK" ? { rpc: "OK", ...factsOfJson(part(seenIn(job)), "seen") } : facts;
    },
  };
}

function seenInputs(name: string, task: Omit<TwinTask, "scenario">): TwinCase {
  return seen(name, { scenario: "seen", ...task }, ({ inputs }) => inputs);
}

type Seen = Readonly<Record<"inputs" | "connection", JsonObject>> & JsonObject;

function seenIn(job: Uint8Array): Seen {
  // The twins write it.
  return (JSON.parse(new TextDecoder().decode(job)) as { readonly seen: Seen }).seen;
}
