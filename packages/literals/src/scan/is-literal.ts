import { messageIn } from "../wire/literal-message.ts";
import { readTag, skipField, wireSource } from "../wire/wire-source.ts";
import { countLiterals } from "./count-literals.ts";

/** Whether bytes are an encoded `flyteidl.core.Literal` that has a value. */
export function isLiteral(bytes: Uint8Array): boolean {
  try {
    countLiterals(bytes, "literal");
  } catch {
    return false;
  }
  const source = wireSource(bytes);
  while (source.reader.pos < bytes.length) {
    const tag = readTag(source);
    if (messageIn("literal", tag) !== undefined) return true;
    skipField(source, tag);
  }
  return false;
}
