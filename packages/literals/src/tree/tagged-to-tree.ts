import type { Place } from "../place/place.ts";
import { bareObject } from "../plain/bare-object.ts";
import { declaredKeys, type StructShape } from "../types/struct-shape.ts";
import { memberText, memberTexts } from "../values/checked-text.ts";
import type { TaggedValue } from "../values/tagged-value.ts";
import type { TreeValue } from "./tree-value.ts";

/**
 * A file, folder or table inside a structure, as Python's classes serialize: FlyteFile `{ path, metadata }`,
 * StructuredDataset `{ uri, file_format }`; Flyte 2's File and Dir `{ path, name, format, hash }`, DataFrame
 * `{ uri, format }`. The schema of the member tells which; without one, what the value has is said.
 *
 * @returns `undefined` for what no structure can hold.
 * @throws LiteralError for a member that is no text.
 */
export function taggedToTree(place: Place, tagged: TaggedValue, shape: StructShape): TreeValue | undefined {
  if ("opaque" in tagged || tagged.kind === "error") return undefined;
  const uri = memberText(place, tagged.uri, "uri");
  if (tagged.kind === "schema") return { remote_path: uri };
  const declared = declaredKeys(shape);
  const format = memberText(place, tagged.format, "format");
  const hash = tagged.hash === undefined ? undefined : memberText(place, tagged.hash, "hash");
  if (tagged.kind === "structured_dataset") {
    const isFlyte2 = declared?.has("format") === true && !declared.has("file_format");
    return select(declared, { uri, [isFlyte2 ? "format" : "file_format"]: format, hash });
  }
  const { metadata } = tagged;
  const texts = metadata === undefined ? undefined : Object.fromEntries(memberTexts(place, metadata));
  return select(declared, { path: uri, format: format || undefined, hash, metadata: texts });
}

/** The members that have a value and, where keys are declared, one of these. */
function select(
  declared: ReadonlySet<string> | undefined,
  members: Readonly<Record<string, TreeValue | undefined>>,
): TreeValue {
  const selected = bareObject<TreeValue>();
  for (const [key, value] of Object.entries(members)) {
    if (value !== undefined && declared?.has(key) !== false) selected[key] = value;
  }
  return selected;
}
