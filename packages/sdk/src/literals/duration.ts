/** A length of time with nanoseconds: `google.protobuf.Duration`. Frozen. */
export interface Duration {
  readonly nanoseconds: bigint;
  /** The same in seconds, as near as a number comes. */
  readonly seconds: number;
  /** Seconds with as many digits as needed and an `s`, for example `1.5s`. */
  toString(): string;
  /** The same as {@link toString}. */
  toJSON(): string;
}
