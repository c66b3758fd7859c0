import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { fieldCounter } from "@flyte-agent/literals";
import { malformedMessage } from "@flyte-agent/sdk/host";
import { tooManyFields } from "../seam/call-errors.ts";

/** So many fields may a decoded part of a request have, those of the messages in it included. Measured: some 40 MB. */
const maxFields = 250_000;

/**
 * Makes the decoder of one part of a request. It counts the fields first: a message of 16 MiB can have eight million, which
 * would take gigabytes.
 *
 * @returns a function that throws AgentError `message_too_large` for too many fields, `malformed_message` for bytes
 *   that are no such message.
 */
export function boundedDecoder<Schema extends DescMessage>(
  field: string,
  schema: Schema,
): (bytes: Uint8Array) => MessageShape<Schema> {
  const check = fieldLimit(field, schema);
  return (bytes) => {
    check(bytes);
    return decoded(field, () => fromBinary(schema, bytes, { readUnknownFields: false }));
  };
}

/** Makes the check of a part that is decoded elsewhere: throws what {@link boundedDecoder} throws. */
export function fieldLimit(field: string, schema: DescMessage): (bytes: Uint8Array) => void {
  const count = fieldCounter(schema);
  return (bytes) => {
    const fields = decoded(field, () => count(bytes, maxFields));
    if (fields > maxFields) throw tooManyFields(field, maxFields);
  };
}

function decoded<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw malformedMessage(field, { cause });
  }
}
