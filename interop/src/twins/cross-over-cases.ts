import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentClient } from "./agent-client.ts";
import type { Clients, CrossOverCase } from "./cross-over-case.ts";
import { type Facts, under } from "./facts.ts";
import { types } from "./flyte-types.ts";
import { aboutJob, outputPrefix, twinTask } from "./twin-task.ts";

type Side = keyof Clients;

/** A way of a job: who creates it, and who has it afterwards. */
const ways: readonly (readonly [from: Side, to: Side])[] = [
  ["theirs", "ours"],
  ["ours", "theirs"],
];

/** Jobs that one server creates and the other one goes on with. Nothing may be other than where they stay with theirs. */
export const crossOverCases: readonly CrossOverCase[] = ways.flatMap(([from, to]) => [
  crossed(`cross over/created by ${from}, polled to its end by ${to}`, from, to, async (step) => {
    await step.poll("running");
    await step.finish("first");
    await step.poll("succeeded");
    await step.delete("delete after the end");
    await step.poll("still succeeded");
  }),
  crossed(`cross over/created by ${from}, deleted by ${to}`, from, to, async (step) => {
    await step.poll("running");
    await step.delete("delete");
    await step.poll("stopped");
    await step.delete("delete again");
  }),
  crossed(
    `cross over/created by ${from} with an id beyond ASCII, polled and deleted by ${to}`,
    from,
    to,
    async (step) => {
      await step.poll("running");
      await step.delete("delete");
      await step.poll("stopped");
    },
    "Größe 💥 ",
  ),
  crossed(`cross over/created by ${from}, polled by both in turn`, from, to, async (step) => {
    for (const round of [1, 2, 3]) {
      await step.poll(`running ${round}`);
      await step.pollAtCreator(`running at the creator ${round}`);
    }
    await step.finish("second");
    await step.pollAtCreator("succeeded at the creator");
    await step.poll("succeeded");
  }),
]);

interface Steps {
  poll(as: string): Promise<void>;
  pollAtCreator(as: string): Promise<void>;
  delete(as: string): Promise<void>;
  /** The vendor ends the job. */
  finish(state: string): Promise<void>;
}

function crossed(
  name: string,
  from: Side,
  to: Side,
  life: (steps: Steps) => Promise<void>,
  idPrefix = "",
): CrossOverCase {
  return {
    name,
    async ask(clients, { vendorFolder }) {
      const live = async (creator: AgentClient, follower: AgentClient): Promise<Facts> => {
        const jobId = `${idPrefix}${randomUUID()}`;
        const outputTypes = { state: types.string, count: types.integer, ratio: types.float };
        const { job, facts } = await creator.create(twinTask({ scenario: "vendor", jobId, outputTypes }));
        const told: Record<string, string> = {};
        if (facts.rpc !== "OK") Object.assign(told, under("create", facts));
        const poll = async (client: AgentClient, as: string): Promise<void> => {
          Object.assign(told, under(as, (await client.get({ ...aboutJob(job), outputPrefix })).facts));
        };
        await life({
          poll: (as) => poll(follower, as),
          pollAtCreator: (as) => poll(creator, as),
          async delete(as) {
            Object.assign(told, under(as, (await follower.delete(aboutJob(job))).facts));
          },
          finish: (state) => writeFile(join(vendorFolder, jobId), state),
        });
        return told;
      };
      return {
        theirs: await live(clients.theirs, clients.theirs),
        ours: await live(clients[from], clients[to]),
      };
    },
  };
}
