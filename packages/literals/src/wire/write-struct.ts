import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { TreeValue } from "../tree/tree-value.ts";

/**
 * Writes the fields of a `google.protobuf.Struct`.
 *
 * @param members a plain object or a Map, of which all numbers are finite and all keys text, which whoever made them has checked.
 */
export function writeStruct(writer: BinaryWriter, members: object): void {
  const entries: Iterable<readonly [unknown, TreeValue]> = members instanceof Map ? members : Object.entries(members);
  for (const [key, value] of entries) {
    writer.uint32(0x0a).fork();
    writer.uint32(0x0a).string(String(key));
    writer.uint32(0x12).fork();
    writeStructValue(writer, value);
    writer.join();
    writer.join();
  }
}

/** Writes the fields of a `google.protobuf.Value`. */
function writeStructValue(writer: BinaryWriter, value: TreeValue): void {
  switch (typeof value) {
    case "number":
      writer.uint32(0x11).double(value);
      return;
    case "string":
      writer.uint32(0x1a).string(value);
      return;
    case "boolean":
      writer.uint32(0x20).bool(value);
      return;
    default:
  }
  if (Array.isArray(value)) {
    writer.uint32(0x32).fork();
    for (const item of value) {
      writer.uint32(0x0a).fork();
      writeStructValue(writer, item);
      writer.join();
    }
    writer.join();
  } else if (typeof value === "object" && value !== null) {
    writer.uint32(0x2a).fork();
    writeStruct(writer, value);
    writer.join();
  } else {
    writer.uint32(0x08).uint32(0);
  }
}
