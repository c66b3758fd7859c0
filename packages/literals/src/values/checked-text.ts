import { type Place, refusal } from "../place/place.ts";
import { describeValue } from "./value-kind.ts";

/** Checks that a string can be written as UTF-8. */
export function wellFormed(place: Place, text: string): string {
  if (text.isWellFormed()) return text;
  throw refusal(place, "the text has a lone surrogate, which UTF-8 cannot hold: toWellFormed() replaces it");
}

/** Checks a member of a file, a table or an error, which an author may have made of anything. */
export function memberText(place: Place, text: unknown, member: string): string {
  if (typeof text === "string") return wellFormed(place, text);
  throw refusal(place, `its ${member} must be a string, got ${describeValue(text)}`);
}

/** Checks `metadata`, which is text by text. */
export function memberTexts(place: Place, metadata: unknown): readonly (readonly [string, string])[] {
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) {
    throw refusal(place, `its metadata must be an object of strings, got ${describeValue(metadata)}`);
  }
  return Object.entries(metadata).map(
    ([key, text]) => [wellFormed(place, key), memberText(place, text, "metadata")] as const,
  );
}
