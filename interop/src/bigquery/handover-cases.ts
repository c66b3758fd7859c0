import type { CaseContext } from "./case-context.ts";
import type { ConnectorClient } from "./connector-client.ts";
import { type Difference, differencesBetween, type Facts } from "./facts.ts";
import { namesOf, pollFacts } from "./job-life.ts";

/** A job that one server creates and the other goes on with. */
export interface HandoverCase {
  readonly name: string;
  readonly from: "theirs" | "ours";
  /** Name of the fixture with template and inputs. */
  readonly fixture: string;
  /** Where BigQuery runs it. */
  readonly location: string;
}

export const handoverCases: readonly HandoverCase[] = (["theirs", "ours"] as const).flatMap((from) => [
  { name: `handover/of ${from}: in its location`, from, fixture: "no-inputs", location: "EU" },
  { name: `handover/of ${from}: without location`, from, fixture: "without-location", location: "US" },
  {
    name: `handover/of ${from}: without location, in a region`,
    from,
    fixture: "without-location",
    location: "europe-west1",
  },
  { name: `handover/of ${from}: with parameters`, from, fixture: "scalars", location: "EU" },
]);

/**
 * Creates on one server, then polls on both in every state of the job, and deletes a second job on the other server.
 *
 * @returns what differs between their and our polls, and what went wrong otherwise.
 */
export async function handOver(
  { from, fixture, location }: HandoverCase,
  context: CaseContext,
): Promise<readonly Difference[]> {
  const { bigquery, newExecution } = context;
  const [creator, other] = from === "theirs" ? [context.theirs, context.ours] : [context.ours, context.theirs];
  const create = async (): Promise<Uint8Array> => {
    bigquery.everyInsert({ isHeld: true, location });
    const created = await creator.create({ ...context.fixture(fixture), execution: newExecution() });
    if (created.kind === "error") throw new Error(`create: ${created.status} ${created.text}`);
    return created.value;
  };

  const job = await create();
  const { job: running, shorten } = namesOf(job, bigquery);
  if (running === undefined) throw new Error(`BigQuery has no such job: ${new TextDecoder().decode(job)}`);
  const poll = async (client: ConnectorClient, name: string): Promise<Facts> =>
    pollFacts(name, await client.get(job), shorten);
  const differences: Difference[] = [];
  for (const state of ["PENDING", "RUNNING", "DONE"] as const) {
    running.moveTo(state);
    differences.push(...differencesBetween(await poll(context.theirs, state), await poll(context.ours, state)));
  }

  const abandoned = await create();
  const deleted = await other.delete(abandoned);
  const isCancelled = namesOf(abandoned, bigquery).job?.isCancelled ?? false;
  const outcome =
    deleted.kind === "ok" ? `OK, ${isCancelled ? "cancelled" : "still there"}` : `${deleted.status}: ${deleted.text}`;
  const wanted = "OK, cancelled";
  if (outcome === wanted) return differences;
  const [theirs, ours] = from === "theirs" ? [wanted, outcome] : [outcome, wanted];
  return [...differences, { fact: "delete by the other", theirs, ours }];
}
