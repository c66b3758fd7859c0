/**
 * A moment with nanoseconds: `google.protobuf.Timestamp`. Frozen. `Temporal.Instant` has the same
 * `epochNanoseconds`, so that either can be given as an output.
 */
export interface Instant {
  readonly epochNanoseconds: bigint;
  /** Cuts to milliseconds. */
  toDate(): Date;
  /** RFC 3339 in UTC with as many digits as needed, for example `2026-11-24T08:00:00.000000001Z`. */
  toString(): string;
  /** The same as {@link toString}. */
  toJSON(): string;
}
