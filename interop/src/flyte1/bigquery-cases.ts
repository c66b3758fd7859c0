import { jsonRecord } from "../../../plugins/bigquery/test/bigquery-shim/json-record.ts";
import type { ShimJob } from "../../../plugins/bigquery/test/bigquery-shim/shim-job.ts";
import { allAtMost } from "../propeller/all-at-most.ts";
import { bigqueryFixtures, bigqueryJobs, readBigqueryFixture } from "./bigquery-fixture.ts";
import type { Flyte1Case } from "./case.ts";
import { createDirectly } from "./direct-calls.ts";
import { expectEqual } from "./expect-equal.ts";
import { readOutputs } from "./read-outputs.ts";

/** Queries, against the stand-in for BigQuery of the plugin's own tests. */
export const bigqueryCases: readonly Flyte1Case[] = [
  {
    name: "bigquery",
    async run({ start, bigquery, execution, store }) {
      const workflow = await start(await readBigqueryFixture("scalars"));
      const end = await workflow.ended();
      expectEqual("phase", end.phase, "succeeded");
      const [job, ...others] = bigqueryJobs(bigquery, execution);
      expectEqual("further jobs", others, []);
      const { datasetId, tableId } = job?.destination ?? {};
      const structuredDataset = {
        uri: `bq://acme-dw:${datasetId}.${tableId}`,
        metadata: { structuredDatasetType: { columns: [{ name: "whole", literalType: { simple: "INTEGER" } }] } },
      };
      expectEqual("outputs", await readOutputs(end, store), { results: { scalar: { structuredDataset } } });
    },
  },
  {
    // Propeller takes descriptions and the metadata of types out of a template.
    name: "bigquery-of-every-type",
    async run({ start, bigquery, deployment, execution }) {
      await allAtMost(6, bigqueryFixtures(), async (fixture) => {
        const names = { whole: `${execution}-${fixture}`, direct: `direct-${execution}-${fixture}` };
        const task = await readBigqueryFixture(fixture);
        const { error } = await (await start(task, names.whole)).ended();
        const failure = await createDirectly(deployment.port, task, names.direct);
        const [whole, direct] = [names.whole, names.direct].map((name) => bigqueryJobs(bigquery, name).map(inOrder));
        expectEqual(`query of ${fixture}`, whole, direct);
        expectEqual(`failure of ${fixture}`, error?.message ?? "", failure && `failed to run the job: ${failure}`);
      });
    },
  },
];

/** A job's query. Go writes the entries of a map in any order, and so come the parameters, and the members of JSON. */
function inOrder({ configuration }: ShimJob): unknown {
  const { queryParameters = [], ...query } = jsonRecord(configuration.query);
  // As the plugin sends them.
  const parameters = queryParameters as readonly {
    readonly name: string;
    readonly parameterType: { readonly type: string };
    readonly parameterValue: { readonly value?: string | null };
  }[];
  const values = parameters.map(({ name, parameterType, parameterValue: { value, ...rest } }): [string, unknown] => {
    const parsed: unknown = parameterType.type === "JSON" && typeof value === "string" ? JSON.parse(value) : value;
    return [name, { parameterType, value: parsed, ...rest }];
  });
  return { ...query, parameters: Object.fromEntries(values) };
}
