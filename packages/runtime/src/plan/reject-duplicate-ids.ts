import { compareCodeUnits } from "../files/compare-code-units.ts";
import { pathFrom } from "./path-from.ts";
import type { PlanConflict, PlanEntry } from "./plan.ts";
import { duplicateId } from "./verdicts.ts";

/** Rejects accepted plugins of one id: the start must not guess which of them is meant. */
export function rejectDuplicateIds(
  entries: readonly PlanEntry[],
  appRoot: string,
): { readonly entries: readonly PlanEntry[]; readonly conflicts: readonly PlanConflict[] } {
  const byId = Map.groupBy(entries.filter(isAccepted), (entry) => entry.manifest?.id ?? "");
  const clashing = [...byId].filter(([, claimants]) => claimants.length > 1);
  const rejected = new Map<PlanEntry, PlanEntry>();
  for (const [id, claimants] of clashing) {
    for (const entry of claimants) {
      const others = claimants
        .filter((other) => other !== entry)
        .map(({ candidate }) => `${candidate.packageName} (${pathFrom(appRoot, candidate.directory)})`);
      const verdict = duplicateId(id, others);
      const trace = [...entry.trace, { step: "id", outcome: verdict.reason }];
      rejected.set(entry, { ...entry, entryFile: undefined, verdict, trace });
    }
  }
  const replaced = (entry: PlanEntry): PlanEntry => rejected.get(entry) ?? entry;
  return {
    entries: entries.map(replaced),
    conflicts: clashing
      .map(([id, claimants]) => ({ kind: "id" as const, id, claimants: claimants.map(replaced) }))
      .sort((left, right) => compareCodeUnits(left.id, right.id)),
  };
}

function isAccepted({ verdict }: PlanEntry): boolean {
  return verdict.kind === "accepted";
}
