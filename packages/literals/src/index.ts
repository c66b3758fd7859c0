export { type Direction, isLiteralError, LiteralError } from "./place/literal-error.ts";
export type { JsonObject, JsonValue } from "./plain/json-value.ts";
export type { ReadOptions } from "./read/literal-source.ts";
export { literalSpans, readLiteralMap } from "./read/read-literal-map.ts";
export { countLiterals, type LiteralCount } from "./scan/count-literals.ts";
export { type FieldCounter, fieldCounter } from "./scan/field-counter.ts";
export { findOffloadedLiterals, type OffloadedLiteral } from "./scan/find-offloaded-literals.ts";
export { insertLiterals } from "./scan/insert-literals.ts";
export { isLiteral } from "./scan/is-literal.ts";
export { type MapEntrySorter, mapEntrySorter } from "./scan/map-entry-sorter.ts";
export { type DeclaredTypes, types } from "./types/declared-types.ts";
export type { Literal, LiteralType } from "./types/literal-type.ts";
export { typeName as describeType } from "./types/type-name.ts";
export { type ChosenValue, float, int, variant, withHash } from "./values/choice.ts";
export { type Duration, type DurationParts, duration } from "./values/duration.ts";
export type {
  BlobValue,
  ErrorValue,
  ExternalSchema,
  FlyteOutput,
  FlyteValue,
  OpaqueBytes,
  OpaqueFile,
  OpaqueValue,
  SchemaColumn,
  SchemaValue,
  StructuredDatasetValue,
  TableColumn,
} from "./values/flyte-value.ts";
export { type Instant, instant } from "./values/instant.ts";
export {
  directory,
  file,
  type SchemaDetails,
  schema,
  structuredDataset,
  type TableDetails,
  type TaggedDetails,
} from "./values/tagged-value.ts";
export type { WriteOptions } from "./write/literal-target.ts";
export { writeLiteralMap } from "./write/write-literal-map.ts";
