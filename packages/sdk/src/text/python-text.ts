import type { ChosenValue } from "@flyte-agent/literals";
import {
  choiceKind,
  choiceOf,
  durationNanosecondsOf,
  epochNanosecondsOf,
  hashChoiceOf,
  isBytes,
  itemsOf,
  maxDepth,
  membersOf,
  numberChoiceOf,
  pythonIso,
  pythonSeconds,
  taggedOf,
  valueKind,
  variantChoiceOf,
} from "@flyte-agent/literals/internal";
import { pythonFloat } from "./python-float.ts";
import { pythonQuoted, pythonQuotedBytes } from "./python-quoted.ts";

/**
 * The text of a value as Python's `str()` prints it in a template of flytekit: `True`, `None`, `1.5`, `1e+16`,
 * `{'a': [1, 'x']}`. Timestamps are ISO text with `+00:00`, durations seconds, files and tables their address.
 *
 * A whole number prints as an integer unless `float()` says otherwise. Unknown objects print as `JSON.stringify` does.
 *
 * @throws RangeError for a value nested deeper than 200 levels.
 *
 * @example
 * ```ts
 * pythonText([true, null, float(1)]); // "[True, None, 1.0]"
 * ```
 */
export function pythonText(value: unknown): string {
  return typeof value === "string" ? value : represent(value, 0);
}

/** Python's `repr()`: {@link pythonText} with quotes around text. */
function represent(value: unknown, depth: number): string {
  if (depth > maxDepth) throw new RangeError(`nested deeper than ${maxDepth} levels`);
  const choice = choiceOf(value);
  if (choice !== undefined) return representChoice(choice, depth);
  switch (valueKind(value)) {
    case "STRING":
      return pythonQuoted(String(value));
    case "BOOLEAN":
      return value === true ? "True" : "False";
    case "INTEGER":
      return String(value);
    case "FLOAT":
      return pythonFloat(Number(value));
    case "DATETIME":
      return withinContainer(pythonIso(epochNanosecondsOf(value) ?? 0n), depth);
    case "DURATION":
      return pythonFloat(pythonSeconds(durationNanosecondsOf(value) ?? 0n));
    case "list":
      return `[${(itemsOf(value) ?? []).map((item) => represent(item, depth + 1)).join(", ")}]`;
    case "STRUCT":
      return `{${(membersOf(value) ?? []).map((member) => representMember(member, depth)).join(", ")}}`;
    default:
      return representOther(value, depth);
  }
}

function representChoice(choice: ChosenValue, depth: number): string {
  const number = numberChoiceOf(choice);
  if (number === undefined) return represent((variantChoiceOf(choice) ?? hashChoiceOf(choice))?.value, depth + 1);
  return choiceKind(number) === "float" ? pythonFloat(Number(number.value)) : String(number.value);
}

function representMember([key, value]: readonly [unknown, unknown], depth: number): string {
  return `${represent(key, depth + 1)}: ${represent(value, depth + 1)}`;
}

function representOther(value: unknown, depth: number): string {
  if (value === null || value === undefined) return "None";
  if (isBytes(value)) return pythonQuotedBytes(value);
  const tagged = taggedOf(value);
  if (tagged === undefined) return String(JSON.stringify(value));
  if ("uri" in tagged) return withinContainer(tagged.uri, depth);
  return "bytes" in tagged ? pythonQuotedBytes(tagged.bytes) : withinContainer(tagged.message, depth);
}

/** Text that stands for something else is quoted inside lists and dicts, where Python prints its `repr()`. */
function withinContainer(text: string, depth: number): string {
  return depth === 0 ? text : pythonQuoted(text);
}
