/**
 * CPU time of an action in milliseconds, user and system together, garbage collection included: the least of the
 * rounds. Quick actions are repeated within a round.
 */
export function measureCpuMs(action: () => unknown, rounds: number): number {
  const first = cpuMs(action);
  const repeat = Math.max(1, Math.floor(50 / Math.max(first, 0.001)));
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
