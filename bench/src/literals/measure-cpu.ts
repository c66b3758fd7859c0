/**
 * CPU time of an action in milliseconds, user and system together, garbage collection included: the least of the
 * rounds. Quick actions are repeated within a round, and before the first, until the compiler has seen enough of them:
 * a server makes the same calls all day.
 */
export function measureCpuMs(action: () => unknown, rounds: number): number {
  let warmUpMs = 0;
  let warmUps = 0;
  for (; warmUpMs < 200; warmUps++) warmUpMs += cpuMs(action);
  const repeat = Math.max(1, Math.floor((50 * warmUps) / warmUpMs));
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const spent = cpuMs(() => {
      for (let turn = 0; turn < repeat; turn++) action();
    });
    best = Math.min(best, spent / repeat);
  }
  return best;
}

function cpuMs(action: () => unknown): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
