import type { DescMessage } from "@bufbuild/protobuf";
import { lengthDelimited } from "../wire/wire-source.ts";

/** The fields of a message that hold messages, by their tags. */
export type MessageShape = Map<number, FieldShape>;

/** A field of messages, or a map: a list of entries, each with a key in field 1 and a value in field 2. */
export interface FieldShape {
  readonly isMap: boolean;
  readonly message: MessageShape;
}

/** What there is to step into in a message of this kind. It may hold itself. */
export function messageShape(schema: DescMessage, known: Map<DescMessage, MessageShape> = new Map()): MessageShape {
  const old = known.get(schema);
  if (old !== undefined) return old;
  const shape: MessageShape = new Map();
  known.set(schema, shape);
  for (const { number, fieldKind, message } of schema.fields) {
    const inner = message === undefined ? undefined : messageShape(message, known);
    if (fieldKind === "map") shape.set(lengthDelimited(number), { isMap: true, message: entryShape(inner) });
    else if (inner !== undefined) shape.set(lengthDelimited(number), { isMap: false, message: inner });
  }
  return shape;
}

function entryShape(value: MessageShape | undefined): MessageShape {
  return new Map(value === undefined ? [] : [[lengthDelimited(2), { isMap: false, message: value }]]);
}
