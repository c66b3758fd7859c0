import type { flyteidl2 } from "@flyte-agent/idl";
import type { HashChoice, NumberChoice, VariantChoice } from "./choice.ts";
import type { Duration } from "./duration.ts";
import type { Instant } from "./instant.ts";

/** A file (SINGLE) or a folder (MULTIPART) in a store: `flyteidl.core.Blob`. */
export interface BlobValue {
  /** Tells it from other values. */
  readonly kind: "blob";
  /** Where it is, for example `s3://bucket/key.csv`. */
  readonly uri: string;
  /** For example `csv`; `""` where nothing is said. */
  readonly format: string;
  /** `"single"` for a file, `"multipart"` for a directory. */
  readonly dimensionality: "single" | "multipart";
  /** `Literal.hash`, the cache key of the content. */
  readonly hash?: string;
  /** `Literal.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A table in a store or a database: `flyteidl.core.StructuredDataset`. */
export interface StructuredDatasetValue {
  /** Tells it from other values. */
  readonly kind: "structured_dataset";
  /** Where it is, for example `s3://bucket/key` or `bq://project:dataset.table`. */
  readonly uri: string;
  /** For example `parquet`; `""` where nothing is said. */
  readonly format: string;
  /** The columns, where they are others than the declared type has. */
  readonly columns?: readonly TableColumn[];
  /** A schema in another system's words (Arrow's, say), where it is another than the declared type has. */
  readonly externalSchema?: ExternalSchema;
  /** `Literal.hash`, the cache key of the content. */
  readonly hash?: string;
  /** `Literal.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A column of a {@link StructuredDatasetValue}. */
export interface TableColumn {
  /** The column's name. */
  readonly name: string;
  /** The type of its cells. */
  readonly type: flyteidl2.LiteralType;
}

/** `StructuredDatasetType.external_schema_type` and `external_schema_bytes`. */
export interface ExternalSchema {
  /** The system whose words they are, for example `arrow`. */
  readonly type: string;
  /** The schema, as that system encodes it. */
  readonly bytes: Uint8Array;
}

/** The older kind of table: `flyteidl.core.Schema`. */
export interface SchemaValue {
  /** Tells it from other values. */
  readonly kind: "schema";
  /** Where the table is. */
  readonly uri: string;
  /** The columns, where they are others than the declared type has. */
  readonly columns?: readonly SchemaColumn[];
  /** `Literal.hash`, the cache key of the content. */
  readonly hash?: string;
  /** `Literal.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A column of a {@link SchemaValue}. */
export interface SchemaColumn {
  /** The column's name. */
  readonly name: string;
  /** The type of its cells: `SchemaType.SchemaColumn.SchemaColumnType`. */
  readonly type: "INTEGER" | "FLOAT" | "STRING" | "BOOLEAN" | "DATETIME" | "DURATION";
}

/** `flyteidl.core.Error`: the failure of another node, handed to a failure handler. */
export interface ErrorValue {
  /** Tells it from other values. */
  readonly kind: "error";
  /** The node that failed. */
  readonly failedNodeId: string;
  /** What went wrong there. */
  readonly message: string;
}

/**
 * What only the Python program that wrote it can read: a pickle, in the literal (`bytes`) or in a file (`uri`). It can be
 * handed on as an output, and is never decoded.
 */
export type OpaqueValue = OpaqueBytes | OpaqueFile;

/** An {@link OpaqueValue} that came in the literal itself. In JSON its bytes are base64. */
export interface OpaqueBytes {
  /** Tells it from other values. */
  readonly opaque: true;
  /** The pickle. */
  readonly bytes: Uint8Array;
  /** `Binary.tag`, where there is one. */
  readonly tag?: string;
  /** `Literal.hash`, the cache key of the content. */
  readonly hash?: string;
  /** `Literal.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An {@link OpaqueValue} in a file. */
export interface OpaqueFile {
  /** Tells it from other values. */
  readonly opaque: true;
  /** Where the pickle is. */
  readonly uri: string;
  /** `Literal.hash`, the cache key of the content. */
  readonly hash?: string;
  /** `Literal.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A value of Flyte in JavaScript, by its declared type:
 *
 * INTEGER number if safe, else bigint · FLOAT number · STRING and enum string · BOOLEAN boolean · DATETIME
 * {@link Instant} · DURATION {@link Duration} · NONE null · lists arrays · maps plain objects (null prototype) ·
 * STRUCT plain objects (null prototype), a Map if a key is no string · bytes inside msgpack Uint8Array · files, tables,
 * errors and pickles the branded objects above · unions their inner value. `docs/values.md` has all of it.
 */
export type FlyteValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Instant
  | Duration
  | Uint8Array
  | BlobValue
  | StructuredDatasetValue
  | SchemaValue
  | ErrorValue
  | OpaqueValue
  | readonly FlyteValue[]
  | ReadonlyMap<FlyteValue, FlyteValue>
  | { readonly [key: string]: FlyteValue };

/**
 * Everything that an output accepts: a {@link FlyteValue}, a Date, a typed array, a choice forced by a builder, or a
 * literal as Flyte sent it (from `task.literals`), which is passed on untouched. A member of a structure that is
 * undefined is left out; elsewhere undefined is refused.
 */
export type FlyteOutput =
  | FlyteValue
  | Date
  | NumberChoice
  | VariantChoice<FlyteOutput>
  | HashChoice<FlyteOutput>
  | flyteidl2.Literal
  | { readonly epochNanoseconds: bigint }
  | ArrayLike<number>
  | ArrayLike<bigint>
  | readonly FlyteOutput[]
  | ReadonlyMap<FlyteOutput, FlyteOutput>
  | { readonly [key: string]: FlyteOutput | undefined };
