import type { CaseResult } from "../harness/suite.ts";
import type { Difference } from "./facts.ts";

/** Where our answers differ from a Python connector's on purpose. */
export interface KnownDifference {
  /** What the table says. */
  readonly name: string;
  readonly reason: string;
  readonly facts: readonly KnownFact[];
}

/** A fact that differs in some cases, with what each side says; `-` stands for no such fact. */
export interface KnownFact {
  /** Match `<case> (Flyte <generation>)`. */
  readonly cases: RegExp;
  readonly fact: RegExp;
  readonly theirs: RegExp;
  readonly ours: RegExp;
}

/** Judges cases, and knows in the end which of the known differences none of them had. */
export interface Judge {
  judge(testCase: string, differences: readonly Difference[]): CaseResult;
  /** The known facts that no case had so far, as text. */
  unused(): readonly string[];
}

/** A case passes without differences, differs with known ones, and fails with any other. */
export function createJudge(known: readonly KnownDifference[]): Judge {
  const used = new Set<KnownFact>();

  function find(testCase: string, { fact, theirs, ours }: Difference): string | undefined {
    for (const { name, facts } of known) {
      const found = facts.find(
        (one) => one.cases.test(testCase) && one.fact.test(fact) && one.theirs.test(theirs) && one.ours.test(ours),
      );
      if (found === undefined) continue;
      used.add(found);
      return name;
    }
    return undefined;
  }

  return {
    judge(testCase, differences) {
      const names = new Set<string>();
      for (const difference of differences) {
        const name = find(testCase, difference);
        const { fact, theirs, ours } = difference;
        if (name === undefined) return { kind: "failed", reason: `${fact}: theirs ${theirs}, ours ${ours}` };
        names.add(name);
      }
      if (names.size === 0) return { kind: "passed" };
      return { kind: "differs", reason: `src/bigquery/differences.ts: ${[...names].join(", ")}` };
    },
    unused: () =>
      known.flatMap(({ name, facts }) =>
        facts.filter((fact) => !used.has(fact)).map(({ cases, fact }) => `${name}, ${fact} in ${cases}`),
      ),
  };
}
