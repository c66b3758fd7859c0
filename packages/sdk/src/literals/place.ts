import { AgentError } from "../agent-error.ts";

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

/** Nested deeper than this, a value is refused, so that no input can exhaust the stack. */
export const maxDepth = 200;

const plainKey = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** The path as people write it: `output "rows"[3].total`. Odd keys are quoted and cut. */
export function placeText(place: Place): string {
  let text = `${place.direction} "${place.name}"`;
  for (const segment of place.segments) {
    if (typeof segment === "number") text += `[${segment}]`;
    else if (plainKey.test(segment)) text += `.${segment}`;
    else text += `[${quoteCut(segment)}]`;
  }
  return text;
}

/** An `invalid_input` or `invalid_output` that starts with the path. */
export function refusal(place: Place, problem: string): AgentError {
  const code = place.direction === "input" ? "invalid_input" : "invalid_output";
  return new AgentError(code, `${placeText(place)}: ${problem}`);
}

/** The refusal of a value beyond {@link maxDepth}, without its path, which would be as long as it is deep. */
export function tooDeep(place: Place): AgentError {
  const code = place.direction === "input" ? "invalid_input" : "invalid_output";
  return new AgentError(code, `${place.direction} "${place.name}": nested deeper than ${maxDepth} levels`);
}

/** A text in quotes for an error message, cut to 32 characters. */
export function quoteCut(text: string): string {
  return JSON.stringify(text.length > 32 ? `${text.slice(0, 31).toWellFormed()}…` : text.toWellFormed());
}
