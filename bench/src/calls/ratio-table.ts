/** What one load cost one server. */
export interface Sample {
  readonly server: string;
  readonly round: number;
  /** Concurrent streams of each connection. */
  readonly streams: number;
  /** CPU of the server process per call. */
  readonly microseconds: number;
  readonly callsPerSecond: number;
}

/**
 * A Markdown table: for each server and number of streams how many times the CPU of the first server a call took (the median of
 * the ratios of each round, with their range), the microseconds behind it, and calls per second.
 */
export function ratioTable(samples: readonly Sample[], streamCounts: readonly number[]): string {
  const servers = [...new Set(samples.map(({ server }) => server))];
  const head = streamCounts.map((streams) => ` ${streams} stream${streams === 1 ? "" : "s"} | µs | calls/s |`).join("");
  const lines = servers.map((server) => {
    const cells = streamCounts.map((streams) => {
      const own = samples.filter((sample) => sample.server === server && sample.streams === streams);
      const ratios = ratiosOf(samples, server, streams);
      const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
      const cost = median(own.map(({ microseconds }) => microseconds)).toFixed(0);
      const rate = median(own.map(({ callsPerSecond }) => callsPerSecond)).toFixed(0);
      return ` **${median(ratios).toFixed(2)}** (${range}) | ${cost} | ${rate} |`;
    });
    return `| ${server} |${cells.join("")}`;
  });
  return [`| server |${head}`, `|---|${streamCounts.map(() => "---:|---:|---:|").join("")}`, ...lines].join("\n");
}

/** How many times the CPU of the first server a call took, in each round. */
export function ratiosOf(samples: readonly Sample[], server: string, streams: number): readonly number[] {
  const floor = samples[0]?.server ?? "";
  return samples
    .filter((sample) => sample.server === server && sample.streams === streams)
    .map(({ microseconds, round }) => microseconds / costOf(samples, floor, streams, round));
}

function costOf(samples: readonly Sample[], server: string, streams: number, round: number): number {
  const found = samples.find(
    (sample) => sample.server === server && sample.streams === streams && sample.round === round,
  );
  return found?.microseconds ?? Number.NaN;
}

/** The number in the middle; of an even number of them the upper of the two. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
