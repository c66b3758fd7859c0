import { AgentError } from "../agent-error.ts";
import { maxDepth } from "../max-depth.ts";

/**
 * Where in the inputs or outputs a conversion is. One object serves a whole conversion: containers push a segment, set
 * it for each member and pop it, so that a path costs nothing until it is printed.
 */
export interface Place {
  readonly direction: "input" | "output";
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

/** An `invalid_input` or `invalid_output` that starts with the path. */
export function refusal(place: Place, problem: string): AgentError {
  const code = place.direction === "input" ? "invalid_input" : "invalid_output";
  return new AgentError(code, `${placeText(place)}: ${problem}`);
}

/** The refusal of a value beyond {@link maxDepth}, without its path, which would be as long as it is deep. */
export function tooDeep(place: Place): AgentError {
  const code = place.direction === "input" ? "invalid_input" : "invalid_output";
  const name = quoteCut(place.name, maxNameLength);
  return new AgentError(code, `${place.direction} ${name}: nested deeper than ${maxDepth} levels`);
}

/** A text in quotes for an error message, cut to `maxLength` characters. */
export function quoteCut(text: string, maxLength = 32): string {
  const isLong = text.length > maxLength;
  return JSON.stringify(isLong ? `${text.slice(0, maxLength - 1).toWellFormed()}…` : text.toWellFormed());
}
