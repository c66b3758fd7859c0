import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { MsgpackValue } from "../msgpack/msgpack-value.ts";

/**
 * Writes the fields of a `google.protobuf.Struct`.
 *
 * @param members of which all numbers are finite and all keys text, which whoever made them has checked.
 */
export function writeStruct(writer: BinaryWriter, members: Iterable<readonly [unknown, MsgpackValue]>): void {
  for (const [key, value] of members) {
    writer.uint32(0x0a).fork();
    writer.uint32(0x0a).string(String(key));
    writer.uint32(0x12).fork();
    writeStructValue(writer, value);
    writer.join();
    writer.join();
  }
}

/** Writes the fields of a `google.protobuf.Value`. */
function writeStructValue(writer: BinaryWriter, value: MsgpackValue): void {
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
    // Structures come as a Map, the parts of files and tables as objects.
    writeStruct(writer, value instanceof Map ? value : Object.entries(value));
    writer.join();
  } else {
    writer.uint32(0x08).uint32(0);
  }
}
