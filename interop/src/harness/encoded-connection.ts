import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { wire } from "@flyte-agent/idl";

/** A connection of Flyte 2 as our envelopes hold it. */
export function encodedConnection(connection: MessageInitShape<typeof wire.ConnectionSchema>): Uint8Array {
  return toBinary(wire.ConnectionSchema, create(wire.ConnectionSchema, connection));
}
