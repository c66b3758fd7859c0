import { flyteidl2 } from "@flyte-agent/idl";
import {
  directory,
  duration,
  type FlyteOutput,
  file,
  type LiteralType,
  schema,
  structuredDataset,
  type TaggedDetails,
} from "@flyte-agent/sdk";
import { isObject } from "./is-object.ts";

const { DURATION, STRING } = flyteidl2.SimpleType;
const { MULTIPART } = flyteidl2.BlobType_BlobDimensionality;

/**
 * Makes of plain values (what YAML and JSON can hold) those inputs that have no plain form of their own: a DURATION is
 * written `1.5s` or `PT1M`, a file or table by its address, or as the object with `uri` that `flyte-agent run` prints.
 * Everything else is left as it is, right or wrong: whoever encodes it checks it.
 */
export function plainInput(value: unknown, type: LiteralType | undefined): unknown {
  switch (type?.type.case) {
    case "simple":
      return type.type.value === DURATION ? (durationOf(value) ?? value) : value;
    case "blob": {
      const make = type.type.value.dimensionality === MULTIPART ? directory : file;
      return stored(value, make);
    }
    case "structuredDatasetType":
      return stored(value, structuredDataset);
    case "schema":
      return stored(value, (uri, { format: _, ...details }) => schema(uri, details));
    case "collectionType": {
      const member = type.type.value;
      return Array.isArray(value) ? value.map((item: unknown) => plainInput(item, member)) : value;
    }
    case "mapValueType": {
      const member = type.type.value;
      if (!isObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainInput(item, member)]));
    }
    case "unionType":
      return plainInputOfUnion(value, type.type.value.variants);
    default:
      return value;
  }
}

function plainInputOfUnion(value: unknown, variants: readonly LiteralType[]): unknown {
  // A string that may be a string is one.
  const takesText = variants.some(({ type }) => type.case === "simple" && type.value === STRING);
  if (typeof value === "string" && takesText) return value;
  for (const variant of variants) {
    const made = plainInput(value, variant);
    if (made !== value) return made;
  }
  return value;
}

function stored(value: unknown, make: (uri: string, details: TaggedDetails) => FlyteOutput): unknown {
  if (typeof value === "string") return make(value, {});
  if (!isObject(value) || typeof value.uri !== "string") return value;
  const { uri, format, hash, metadata } = value;
  return make(uri, {
    ...(typeof format === "string" && format !== "" ? { format } : {}),
    ...(typeof hash === "string" ? { hash } : {}),
    ...(isTexts(metadata) ? { metadata } : {}),
  });
}

// As protobuf's JSON has it, and ISO 8601.
const secondsForm = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;
const isoForm = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,9}))?S)?)?$/;

function durationOf(value: unknown): FlyteOutput | undefined {
  if (typeof value !== "string") return undefined;
  const inSeconds = secondsForm.exec(value);
  const iso = /\d/.test(value) ? isoForm.exec(value) : null;
  if (inSeconds === null && iso === null) return undefined;
  const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0", fraction = ""] = iso ?? [
    value,
    inSeconds?.[1],
    "0",
    "0",
    "0",
    inSeconds?.[2],
    inSeconds?.[3],
  ];
  const factor = sign === "-" ? -1 : 1;
  try {
    return duration({
      days: factor * Number(days),
      hours: factor * Number(hours),
      minutes: factor * Number(minutes),
      seconds: factor * Number(seconds),
      nanoseconds: factor * Number(fraction.padEnd(9, "0")),
    });
  } catch {
    // Longer than Flyte can hold: refused as no duration, like any other text.
    return undefined;
  }
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((member) => typeof member === "string");
}
