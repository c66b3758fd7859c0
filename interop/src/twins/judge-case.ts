import type { CaseResult } from "../harness/suite.ts";
import { compareFacts, type FactsDifference } from "./compare-facts.ts";
import type { CaseId, Difference } from "./difference.ts";
import type { Facts } from "./facts.ts";

/** What became of a case: its answers must differ exactly as is listed, or not at all if nothing is. */
export function judgeCase(
  caseId: CaseId,
  answers: { readonly theirs: Facts; readonly ours: Facts },
  differences: readonly Difference[],
): CaseResult {
  const found = compareFacts(answers.theirs, answers.ours);
  const listed = differences.flatMap(({ name, answers }) =>
    answers.filter(({ cases }) => cases.includes(caseId)).map(({ theirs, ours }) => ({ name, theirs, ours })),
  );
  if (listed.length > 1) return failed("it is listed more than once");
  const [entry] = listed;
  if (found === undefined) {
    return entry === undefined ? { kind: "passed" } : failed("it differs no more: take it out of differences.ts");
  }
  if (entry === undefined) return failed(describe(found));
  if (compareFacts(inOne(entry), inOne(found)) !== undefined) return failed(`not as listed: ${describe(found)}`);
  return { kind: "differs", reason: `src/twins/differences.ts: ${entry.name}` };
}

function inOne({ theirs, ours }: FactsDifference): Facts {
  return Object.fromEntries([...prefixed("theirs", theirs), ...prefixed("ours", ours)]);
}

function prefixed(prefix: string, facts: Facts): readonly (readonly [string, string])[] {
  return Object.entries(facts).map(([path, value]) => [`${prefix} ${path}`, value]);
}

function describe({ theirs, ours }: FactsDifference): string {
  return `theirs ${JSON.stringify(theirs)}, ours ${JSON.stringify(ours)}`;
}

function failed(reason: string): CaseResult {
  return { kind: "failed", reason };
}
