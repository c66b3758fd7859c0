import { LiteralError } from "../place/literal-error.ts";
import { refusal } from "../place/place.ts";
import { isPlainObject } from "../plain/plain-object.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { listTexts, typeName } from "../types/type-name.ts";
import { describeValue } from "../values/value-kind.ts";
import { literalTarget, type WriteOptions } from "./literal-target.ts";
import { writeLiteralEntry } from "./write-literal.ts";

/**
 * Writes an encoded `flyteidl.core.LiteralMap`; `flyteidl2.task.Inputs` and `Outputs` are the same on the wire.
 *
 * @param declared types by name, in whose order the literals are written; `undefined` if they are not known.
 * @throws LiteralError for a name that is not declared, for an output that is
 *   missing, and for a value that is not of its type.
 */
export function writeLiteralMap(
  values: Readonly<Record<string, unknown>>,
  declared: ReadonlyMap<string, LiteralType> | undefined,
  options: WriteOptions = {},
): Uint8Array {
  const target = literalTarget(options);
  const { place } = target;
  if (!isPlainObject(values)) {
    throw new LiteralError(
      place.direction,
      `${place.direction}s`,
      `expected an object by name, got ${describeValue(values)}`,
    );
  }
  for (const name of Object.keys(values)) {
    if (declared === undefined || declared.has(name)) continue;
    place.name = name;
    throw refusal(place, `the task does not declare it, it declares ${listTexts([...declared.keys()]) || "none"}`);
  }
  for (const name of declared?.keys() ?? Object.keys(values)) {
    const type = declared?.get(name);
    place.name = name;
    if (!Object.hasOwn(values, name)) {
      if (place.direction === "input") continue;
      throw refusal(place, `missing, the task declares it as ${typeName(type)}`);
    }
    writeLiteralEntry(target, name, values[name], type, 0);
  }
  return target.writer.finish();
}
