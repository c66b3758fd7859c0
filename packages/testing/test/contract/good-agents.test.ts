import { succeeded } from "@flyte-agent/sdk";
import { describeAgentContract } from "@flyte-agent/testing";
import { describe } from "vitest";
import { sensorSubject, syncSubject } from "../fixtures/other-plugins.ts";
import { storeSubject } from "../fixtures/store-plugin.ts";

describe("a good async agent", () => describeAgentContract(storeSubject()));
describe("a good sync agent", () => {
  describeAgentContract(syncSubject(async ({ inputs }) => succeeded({ outputs: { loud: `${inputs.words}!` } })));
});
describe("a good sensor", () => describeAgentContract(sensorSubject()));
