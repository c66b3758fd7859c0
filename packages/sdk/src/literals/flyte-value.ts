import type { flyteidl2 } from "@flyte-agent/idl";
import type { HashChoice, NumberChoice, VariantChoice } from "./choice.ts";
import type { Duration } from "./duration.ts";
import type { Instant } from "./instant.ts";

/** A file (SINGLE) or a folder (MULTIPART) in a store: `flyteidl.core.Blob`. */
export interface BlobValue {
  readonly kind: "blob";
  readonly uri: string;
  /** For example `csv`; `""` where nothing is said. */
  readonly format: string;
  readonly dimensionality: "single" | "multipart";
  /** `Literal.hash`, the cache key of the content. */
  readonly hash?: string;
  /** `Literal.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A table in a store or a database: `flyteidl.core.StructuredDataset`. */
export interface StructuredDatasetValue {
  readonly kind: "structured_dataset";
  readonly uri: string;
  /** For example `parquet`; `""` where nothing is said. */
  readonly format: string;
  readonly hash?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The older kind of table: `flyteidl.core.Schema`. */
export interface SchemaValue {
  readonly kind: "schema";
  readonly uri: string;
  readonly hash?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** `flyteidl.core.Error`: the failure of another node, handed to a failure handler. */
export interface ErrorValue {
  readonly kind: "error";
  readonly failedNodeId: string;
  readonly message: string;
}

/** Bytes that only the Python program that wrote them can read (a pickle). Handed on, never decoded. */
export interface OpaqueValue {
  readonly kind: "opaque";
  readonly tag: string;
  readonly bytes: Uint8Array;
}

/**
 * A value of Flyte in JavaScript, by its declared type:
 *
 * INTEGER number if safe, else bigint · FLOAT number · STRING and enum string · BOOLEAN boolean · DATETIME
 * {@link Instant} · DURATION {@link Duration} · NONE null · lists arrays · maps plain objects (null prototype) ·
 * STRUCT plain objects (null prototype), a Map if a key is no string · bytes inside msgpack Uint8Array · files, tables
 * and errors the tagged objects above · unions their inner value.
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
 * literal as Flyte sent it (from `task.literals`), which is passed on untouched.
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
  | { readonly [key: string]: FlyteOutput };
