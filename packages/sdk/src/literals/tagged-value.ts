import type { BlobValue, ErrorValue, OpaqueValue, SchemaValue, StructuredDatasetValue } from "./flyte-value.ts";

/** Any of the objects that say by `kind` what they are. */
export type TaggedValue = BlobValue | StructuredDatasetValue | SchemaValue | ErrorValue | OpaqueValue;

/** What may be said of a file, a folder or a table beside its address. */
export interface TaggedDetails {
  /** For example `csv` or `parquet`. Left out, a file gets the format that the output declares. */
  readonly format?: string;
  /** `Literal.hash`, the cache key of the content. */
  readonly hash?: string;
  /** `Literal.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

// Not enumerable, so that it shows neither in JSON nor in comparisons; an ordinary object of a user may well have a
// member `kind`, so that the brand decides where no type is declared.
const brand: symbol = Symbol.for("@flyte-agent/sdk.tagged");

/** A file in a store. */
export function file(uri: string, details: TaggedDetails = {}): BlobValue {
  return tagged({ ...known(details), kind: "blob", uri, format: details.format ?? "", dimensionality: "single" });
}

/** A folder in a store. */
export function directory(uri: string, details: TaggedDetails = {}): BlobValue {
  return tagged({ ...known(details), kind: "blob", uri, format: details.format ?? "", dimensionality: "multipart" });
}

/** A table: a Parquet file, a table of BigQuery (`bq://project.dataset.table`), … */
export function structuredDataset(uri: string, details: TaggedDetails = {}): StructuredDatasetValue {
  return tagged({ ...known(details), kind: "structured_dataset", uri, format: details.format ?? "" });
}

/** A table of the older kind. */
export function schema(uri: string, details: Omit<TaggedDetails, "format"> = {}): SchemaValue {
  return tagged({ ...known(details), kind: "schema", uri });
}

/** Brands and freezes a tagged object. */
export function tagged<Value extends TaggedValue>(value: Value): Value {
  Object.defineProperty(value, brand, { value: true });
  return Object.freeze(value);
}

/** The tagged object that a value is, made by any copy of the SDK; `undefined` for everything else. */
export function taggedOf(value: unknown): TaggedValue | undefined {
  // The brand is set by `tagged` and by nothing else.
  return typeof value === "object" && value !== null && brand in value ? (value as TaggedValue) : undefined;
}

function known(details: TaggedDetails): Pick<TaggedDetails, "hash" | "metadata"> {
  const { hash, metadata } = details;
  return { ...(hash === undefined ? {} : { hash }), ...(metadata === undefined ? {} : { metadata }) };
}
