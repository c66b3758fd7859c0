import { base64 } from "./base64.ts";
import type {
  BlobValue,
  ErrorValue,
  OpaqueBytes,
  OpaqueFile,
  OpaqueValue,
  SchemaValue,
  StructuredDatasetValue,
} from "./flyte-value.ts";

/** Any of the objects that stand for something that JavaScript has no type for. */
export type TaggedValue = BlobValue | StructuredDatasetValue | SchemaValue | ErrorValue | OpaqueValue;

/** What a {@link TaggedValue} is. */
export type TaggedKind = "blob" | "structured_dataset" | "schema" | "error" | "opaque";

/** What may be said of a file, a folder or a table beside its address. */
export interface TaggedDetails {
  /** For example `csv` or `parquet`. Left out, a file gets the format that the output declares. */
  readonly format?: string;
  /** `Literal.hash`, the cache key of the content. */
  readonly hash?: string;
  /** `Literal.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What may be said of a table. Left out, it has the columns that the output declares. */
export type TableDetails = TaggedDetails & Pick<StructuredDatasetValue, "columns" | "externalSchema">;

/** What may be said of a table of the older kind. Left out, it has the columns that the output declares. */
export type SchemaDetails = Omit<TaggedDetails, "format"> & Pick<SchemaValue, "columns">;

// Not enumerable, so that it shows neither in JSON nor in comparisons; an ordinary object of a user may well have a
// member `kind`, so that the brand decides where no type is declared.
const brand: symbol = Symbol.for("@flyte-agent/sdk.tagged");

/** The format of files that only the Python program that wrote them can read. */
export const pickleFormat = "PythonPickle";

/**
 * A file in a store.
 *
 * @example
 * ```ts
 * file("s3://bucket/report.html", { format: "html" });
 * ```
 */
export function file(uri: string, details: TaggedDetails = {}): BlobValue {
  return tagged({ ...known(details), kind: "blob", uri, format: details.format ?? "", dimensionality: "single" });
}

/**
 * A folder in a store.
 *
 * @example
 * ```ts
 * directory("s3://bucket/frames");
 * ```
 */
export function directory(uri: string, details: TaggedDetails = {}): BlobValue {
  return tagged({ ...known(details), kind: "blob", uri, format: details.format ?? "", dimensionality: "multipart" });
}

/**
 * A table: a Parquet file, a table of BigQuery (`bq://project.dataset.table`), …
 *
 * @example
 * ```ts
 * structuredDataset("bq://project.dataset.table", { format: "parquet" });
 * ```
 */
export function structuredDataset(uri: string, details: TableDetails = {}): StructuredDatasetValue {
  const { format = "", columns, externalSchema } = details;
  return tagged({
    ...known(details),
    ...(columns === undefined ? {} : { columns }),
    ...(externalSchema === undefined ? {} : { externalSchema }),
    kind: "structured_dataset",
    uri,
    format,
  });
}

/**
 * A table of the older kind.
 *
 * @example
 * ```ts
 * schema("s3://bucket/table");
 * ```
 */
export function schema(uri: string, details: SchemaDetails = {}): SchemaValue {
  const { columns } = details;
  return tagged({ ...known(details), ...(columns === undefined ? {} : { columns }), kind: "schema", uri });
}

/** Bytes that are handed on and never decoded. No builder for authors: only what Flyte sent can be one. */
export function opaqueBytes(bytes: Uint8Array, tag: string, details: TaggedDetails): OpaqueBytes {
  const value = { opaque: true, bytes, ...(tag === "" ? {} : { tag }), ...known(details) } as const;
  const toJSON = (): object => ({ ...value, bytes: base64(bytes) });
  return tagged(Object.defineProperty(value, "toJSON", { value: toJSON }));
}

/** A file that is handed on and never decoded. No builder for authors: only what Flyte sent can be one. */
export function opaqueFile(uri: string, details: TaggedDetails): OpaqueFile {
  return tagged({ opaque: true, uri, ...known(details) });
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

/** What a tagged object is. */
export function taggedKind(value: TaggedValue): TaggedKind {
  return "opaque" in value ? "opaque" : value.kind;
}

/** A dict that flytekit pickled into a file, which a Struct names: `metadata` says `format: pickle`. */
export function isPickledDict(value: TaggedValue | undefined): boolean {
  return value !== undefined && "opaque" in value && "uri" in value && value.metadata?.format === "pickle";
}

function known(details: TaggedDetails): Pick<TaggedDetails, "hash" | "metadata"> {
  const { hash, metadata } = details;
  return { ...(hash === undefined ? {} : { hash }), ...(metadata === undefined ? {} : { metadata }) };
}
