import { bareObject } from "../bare-object.ts";
import type { MsgpackValue } from "../msgpack/msgpack-value.ts";
import { declaredKeys, type StructShape } from "./struct-shape.ts";
import type { TaggedValue } from "./tagged-value.ts";

/**
 * A file, folder or table inside a structure, as Python's classes serialize: FlyteFile `{ path, metadata }`,
 * StructuredDataset `{ uri, file_format }`; Flyte 2's File and Dir `{ path, name, format, hash }`, DataFrame
 * `{ uri, format }`. The schema of the member tells which; without one, what the value has is said.
 *
 * @returns `undefined` for what no structure can hold.
 */
export function taggedToTree(tagged: TaggedValue, shape: StructShape): MsgpackValue | undefined {
  if ("opaque" in tagged) return undefined;
  switch (tagged.kind) {
    case "blob":
      return select(declaredKeys(shape), {
        path: tagged.uri,
        format: tagged.format || undefined,
        hash: tagged.hash,
        metadata: tagged.metadata,
      });
    case "structured_dataset": {
      const declared = declaredKeys(shape);
      const isFlyte2 = declared?.has("format") === true && !declared.has("file_format");
      const format = isFlyte2 ? { format: tagged.format } : { file_format: tagged.format };
      return select(declared, { uri: tagged.uri, ...format, hash: tagged.hash });
    }
    case "schema":
      return { remote_path: tagged.uri };
    default:
      return undefined;
  }
}

/** The members that have a value and, where keys are declared, one of these. */
function select(
  declared: ReadonlySet<string> | undefined,
  members: Readonly<Record<string, MsgpackValue | undefined>>,
): MsgpackValue {
  const selected = bareObject<MsgpackValue>();
  for (const [key, value] of Object.entries(members)) {
    if (value !== undefined && declared?.has(key) !== false) selected[key] = value;
  }
  return selected;
}
