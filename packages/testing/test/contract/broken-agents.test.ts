import { Buffer } from "node:buffer";
import { running, type SyncAgent, succeeded } from "@flyte-agent/sdk";
import { describe, expect, it } from "vitest";
import { brokenChecks } from "../fixtures/broken-checks.ts";
import { createJobStore } from "../fixtures/job-store.ts";
import { sensorSubject, syncSubject } from "../fixtures/other-plugins.ts";

const succeeds = "succeeds with the outputs that the task declares";

describe("a sync agent", () => {
  it.each<[string, SyncAgent["do"], readonly string[]]>([
    [
      "that answers before the end",
      async () => running({ message: "soon" }),
      [succeeds, "answers an end, as nobody would poll"],
    ],
    ["with an output of the wrong type", async () => succeeded({ outputs: { loud: 5 } }), [succeeds]],
    [
      "that shows its secret",
      async (_task, { secrets }) => {
        const token = await secrets.get("shout_token");
        return succeeded({ outputs: { loud: Buffer.from(token).toString("hex") } });
      },
      ["keeps secrets out of jobs, answers, errors and logs"],
    ],
  ])("%s breaks the contract there and nowhere else", async (_, answer, expected) => {
    const found = await brokenChecks(syncSubject(answer));
    expect(new Set(found.keys()), JSON.stringify([...found], null, 1)).toEqual(new Set(expected));
  });

  it.each<[string, (url: URL) => string]>([
    ["path", (url) => url.pathname],
    ["query", (url) => url.search],
    ["user part", (url) => url.password],
  ])("that shows its secret as the %s of a url has it breaks the contract", async (_, show) => {
    const subject = syncSubject(async (_task, { secrets }) => {
      const token = await secrets.get("shout_token");
      const url = new URL(`http://host/${token}?t=${token}`);
      url.password = token;
      return succeeded({ outputs: { loud: show(url) } });
    });
    const found = await brokenChecks({ ...subject, secrets: { shout_token: "p@ss word/'1|" } });
    expect([...found.keys()]).toEqual(["keeps secrets out of jobs, answers, errors and logs"]);
  });

  it("that does not listen to its signal breaks the contract there and nowhere else", async () => {
    const store = createJobStore();
    const subject = syncSubject(async () => {
      await store.reached(new AbortController().signal);
      return succeeded({ outputs: { loud: "late" } });
    });
    const found = await brokenChecks({ ...subject, stall: () => store.hang(), cleanUp: () => store.resume() });
    expect([...found.keys()]).toEqual(["stops working when its caller goes away"]);
  });
});

describe("a sensor", () => {
  it("that never sees what is there breaks the contract", async () => {
    const found = await brokenChecks({ ...sensorSubject({ poke: async () => false }), settlesWithinMs: 100 });
    expect(new Set(found.keys())).toEqual(
      new Set(["answers the same on a server that did not create the job", "deletes a job that has ended", succeeds]),
    );
  });

  it("that cannot be closed breaks the contract", async () => {
    const subject = sensorSubject();
    const plugin = { ...subject.plugin, dispose: () => Promise.reject(new Error("still busy")) };
    const found = await brokenChecks({ ...subject, plugin });
    expect([...found.keys()]).toEqual(["closes what it opened when the server stops"]);
  });
});
