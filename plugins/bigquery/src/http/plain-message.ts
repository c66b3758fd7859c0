import { stripVTControlCharacters } from "node:util";

/** A message of BigQuery's as one line that can be shown anywhere: emulators colour theirs for a terminal. */
export function plainMessage(message: string): string {
  return stripVTControlCharacters(message)
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
}
