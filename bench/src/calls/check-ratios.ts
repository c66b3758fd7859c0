import { median, ratiosOf, type Sample } from "./ratio-table.ts";

/** How much more than recorded each round may cost. */
const tolerance = 1.2;

/**
 * Compares what a server's calls cost beside the floor with what they cost when that was recorded.
 *
 * @param recorded times the CPU of the floor, by the number of streams.
 * @returns a sentence for each number of streams at which *every* round was a fifth worse: one that was not shows that the
 *   machine was.
 */
export function worseThanRecorded(
  samples: readonly Sample[],
  server: string,
  recorded: Readonly<Record<string, number>>,
): readonly string[] {
  return Object.entries(recorded).flatMap(([streams, before]) => {
    const ratios = ratiosOf(samples, server, Number(streams));
    const limit = before * tolerance;
    if (ratios.length === 0 || ratios.some((ratio) => ratio <= limit)) return [];
    const times = [median(ratios), before, limit].map((ratio) => ratio.toFixed(2));
    return [
      `${server}, ${streams} streams: a call costs ${times[0]} times the bare handler, recorded are ${times[1]}, and no round ` +
        `was below ${times[2]}. Find what made it dearer (node --cpu-prof), or record it anew with --write`,
    ];
  });
}
