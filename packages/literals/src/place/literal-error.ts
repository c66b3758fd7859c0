const brand: unique symbol = Symbol.for("@flyte-agent/literals.LiteralError") as never; // `Symbol.for` cannot be typed unique

/** Which way a conversion goes: from the inputs that Flyte sent, or to the outputs that it gets. */
export type Direction = "input" | "output";

/**
 * A value or a literal that cannot be converted. Its message is the path and the problem: `output "rows"[3].total: expected FLOAT,
 * got string "n/a"`.
 *
 * Two copies of this package may live in one process, so recognise it by {@link isLiteralError}, never by `instanceof`.
 */
export class LiteralError extends Error {
  override readonly name = "LiteralError";
  /** Whether an input was read or an output written. */
  readonly direction: Direction;
  /** Where it is, as people write it: `input "a"`, `output "rows"[3].total`. */
  readonly path: string;
  /** What was got, and what was expected. */
  readonly problem: string;

  constructor(direction: Direction, path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.direction = direction;
    this.path = path;
    this.problem = problem;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Tells whether a value is a {@link LiteralError}, made by this copy of the package or by another one. */
export function isLiteralError(value: unknown): value is LiteralError {
  return typeof value === "object" && value !== null && brand in value;
}
