import * as v from "valibot";
import { isStorePlace } from "../stores/store-place.ts";

/** What an origin looks like, for messages. */
export const originExample = 'an origin such as "https://app.example.com", or "*" for every one';
/** What places of stores look like, for messages. */
export const placeExamples = '"s3://bucket", "gs://bucket/prefix" or "s3://" for every bucket';

/** A string that is not empty. */
export function text(expected: string): v.GenericSchema<unknown, string> {
  return v.pipe(v.string(expected), v.minLength(1, expected));
}

/** A list of such texts. */
export function textList(ofWhat: string): v.GenericSchema<unknown, string[]> {
  return v.array(text(`a string that is not empty`), `a list of ${ofWhat}`);
}

export function oneOf<const Option extends string>(options: readonly Option[]): v.GenericSchema<unknown, Option> {
  return v.picklist(options, `one of ${options.join(", ")}`);
}

/** A whole number between two bounds. */
export function wholeNumber(expected: string, least: number, most: number): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(least, expected), v.maxValue(most, expected));
}

/** A place of a store that may be read. */
export function storePlace(): v.GenericSchema<unknown, string> {
  return v.pipe(v.string(placeExamples), v.check(isStorePlace, placeExamples));
}

/** Anything by a name. valibot leaves `constructor` and `prototype` out of a record, without a word; a plugin may have such an id. */
export function anythingByName(expected: string): v.GenericSchema<unknown, Record<string, unknown>> {
  const record = v.record(v.string(), v.unknown(), expected);
  return {
    ...record,
    "~run": (dataset, config) => {
      const given = dataset.value;
      const result = record["~run"](dataset, config);
      return result.typed && typeof given === "object" ? { ...result, value: { ...given } } : result;
    },
  };
}

/** What a browser sends as origin: scheme, host and, where it is not the scheme's own, the port. Nothing else would ever match. */
export function origin(): v.GenericSchema<unknown, string> {
  const isOrigin = (text: string): boolean => text === "*" || (URL.canParse(text) && new URL(text).origin === text);
  return v.pipe(v.string(originExample), v.check(isOrigin, originExample));
}

/** A number of bytes that the length of a gRPC message can be. */
export function byteCount(): v.GenericSchema<unknown, number> {
  // It is a 32-bit number.
  return wholeNumber("a whole number of bytes from 1 to 4294967295", 1, 4_294_967_295);
}
