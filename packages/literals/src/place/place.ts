import { maxDepth } from "../plain/max-depth.ts";
import { type Direction, LiteralError } from "./literal-error.ts";

/**
 * Where in the inputs or outputs a conversion is. One object serves a whole conversion: containers push a segment, set
 * it for each member and pop it, so that a path costs nothing until it is printed.
 */
export interface Place {
  readonly direction: Direction;
  /** Name of the input or output. */
  name: string;
  /** Indexes and keys below it. */
  readonly segments: (string | number)[];
}

const plainKey = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** Names of inputs and outputs are Python's, of which nobody makes longer ones. */
const maxNameLength = 128;
/** So many segments are shown at either end of a long path. */
const shownSegments = 8;

/** The path as people write it: `output "rows"[3].total`. Odd keys are quoted, long ones and long paths are cut. */
export function placeText(place: Place): string {
  const segments = place.segments.map(segmentText);
  const left = segments.length - 2 * shownSegments;
  if (left > 0) segments.splice(shownSegments, left, "…");
  return `${place.direction} ${quoteCut(place.name, maxNameLength)}${segments.join("")}`;
}

function segmentText(segment: string | number): string {
  if (typeof segment === "number") return `[${segment}]`;
  return plainKey.test(segment) ? `.${segment}` : `[${quoteCut(segment)}]`;
}

/** The error of a value or literal that cannot be converted. */
export function refusal(place: Place, problem: string): LiteralError {
  return new LiteralError(place.direction, placeText(place), problem);
}

/** The refusal of a value beyond {@link maxDepth}, without its path, which would be as long as it is deep. */
export function tooDeep(place: Place): LiteralError {
  const path = `${place.direction} ${quoteCut(place.name, maxNameLength)}`;
  return new LiteralError(place.direction, path, `nested deeper than ${maxDepth} levels`);
}

/** A string in quotes for an error message, cut to `maxLength` characters. */
export function quoteCut(text: string, maxLength = 32): string {
  const isLong = text.length > maxLength;
  return JSON.stringify(isLong ? `${text.slice(0, maxLength - 1).toWellFormed()}…` : text.toWellFormed());
}
