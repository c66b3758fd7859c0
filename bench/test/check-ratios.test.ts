import { expect, it } from "vitest";
import { worseThanRecorded } from "../src/calls/check-ratios.ts";
import type { Sample } from "../src/calls/ratio-table.ts";

function samples(ours: readonly number[]): readonly Sample[] {
  return ours.flatMap((microseconds, index) =>
    [
      { server: "bare", microseconds: 10 },
      { server: "ours", microseconds },
    ].map((each) => ({ ...each, round: index + 1, streams: 32, callsPerSecond: 1 })),
  );
}

it("is worse only if every round was a fifth dearer than recorded", () => {
  expect(worseThanRecorded(samples([18.1, 25, 30]), "ours", { 32: 1.5 })).toEqual([
    "ours, 32 streams: a call costs 2.50 times the bare handler, recorded are 1.50, and no round was below 1.80. " +
      "Find what made it dearer (node --cpu-prof), or record it anew with --write",
  ]);
  expect(worseThanRecorded(samples([17.9, 25, 30]), "ours", { 32: 1.5 })).toEqual([]);
  expect(worseThanRecorded(samples([15, 15]), "ours", { 32: 1.5, 8: 1.5 })).toEqual([]);
});
