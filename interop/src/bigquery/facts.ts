/** What was seen of a job on one server: each fact under its name, in a form that can be compared and shown. */
export type Facts = Readonly<Record<string, string>>;

/** A fact that two servers do not share; `-` stands for none. */
export interface Difference {
  readonly fact: string;
  readonly theirs: string;
  readonly ours: string;
}

/**
 * What differs, in the order of the facts. Where their create or poll is an error, what ours went on to say is one fact
 * with it.
 */
export function differencesBetween(theirs: Facts, ours: Facts): readonly Difference[] {
  if (isError(theirs.create) && !isError(ours.create)) {
    const { phase, message } = lastPoll(ours);
    return [{ fact: "create", theirs: String(theirs.create), ours: `OK, then ${phase}: ${message}` }];
  }
  const failedPolls = Object.keys(theirs).filter((fact) => isError(theirs[fact]) && !isError(ours[fact]));
  const isDetail = (fact: string): boolean => failedPolls.some((poll) => fact.startsWith(`${poll} `));
  const names = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
  return [...names]
    .filter((fact) => !isDetail(fact))
    .map((fact) => {
      const message = failedPolls.includes(fact) ? ours[`${fact} message`] : undefined;
      const said = message === undefined ? ours[fact] : `${ours[fact]}: ${message}`;
      return { fact, theirs: theirs[fact] ?? "-", ours: said ?? "-" };
    })
    .filter(({ theirs, ours }) => theirs !== ours);
}

function isError(fact: string | undefined): boolean {
  return fact !== undefined && /^[A-Z][a-zA-Z]+: /.test(fact);
}

function lastPoll(facts: Facts): { readonly phase: string; readonly message: string } {
  const name = Object.keys(facts).findLast((fact) => /^poll \d+$/.test(fact)) ?? "";
  return { phase: facts[name] ?? "-", message: facts[`${name} message`] ?? "-" };
}
