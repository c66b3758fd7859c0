import { succeeded } from "@flyte-agent/sdk";
import { describeAgentContract } from "@flyte-agent/testing";
import { describe } from "vitest";
import { createJobStore } from "../fixtures/job-store.ts";
import { sensorSubject, syncSubject } from "../fixtures/other-plugins.ts";
import { storeHelp, storePlugin } from "../fixtures/store-plugin.ts";

const store = createJobStore();

describe("a good async agent", () => {
  describeAgentContract({ ...storeHelp(store), plugin: storePlugin(store) });
});
describe("a good sync agent", () => {
  describeAgentContract(syncSubject(async ({ inputs }) => succeeded({ outputs: { loud: `${inputs.words}!` } })));
});
describe("a good sensor", () => describeAgentContract(sensorSubject()));
