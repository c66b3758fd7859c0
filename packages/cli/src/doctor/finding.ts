/** Something that `doctor` found. */
export interface Finding {
  readonly text: string;
  /** What to do about it; `""` if the text says so, or nothing needs to be done. */
  readonly fix: string;
}
