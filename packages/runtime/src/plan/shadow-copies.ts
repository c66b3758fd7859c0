import { pathFrom } from "./path-from.ts";
import type { PlanEntry } from "./plan.ts";
import { shadowed } from "./verdicts.ts";

/** Leaves of each package the copy that comes first; the others are shown as shadowed. */
export function shadowCopies(entries: readonly PlanEntry[], appRoot: string): readonly PlanEntry[] {
  const first = new Map<string, string>();
  return entries.map((entry) => {
    const { packageName, directory } = entry.candidate;
    // What is not there can neither stand before another copy nor behind one.
    if (entry.verdict.kind === "rejected" && entry.verdict.code === "not-found") return entry;
    const nearer = first.get(packageName);
    if (nearer === undefined) {
      first.set(packageName, directory);
      return entry;
    }
    const verdict = shadowed(pathFrom(appRoot, nearer));
    const trace = [...entry.trace, { step: "copies", outcome: verdict.reason }];
    return { ...entry, entryFile: undefined, verdict, trace };
  });
}
