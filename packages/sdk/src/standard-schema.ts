/**
 * The interface that schema libraries (zod, valibot, arktype, …) share, version 1, as far as it is used here.
 * The specification asks for a copy of the types rather than a dependency. Source: https://standardschema.dev
 */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    /** Offered by some libraries (zod 4.2, arktype 2.1): the schema as JSON Schema. */
    readonly jsonSchema?: { readonly input: (options: { readonly target: string }) => Record<string, unknown> };
  };
}

/** What a schema says of a value. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One problem that a schema found. */
export interface SchemaIssue {
  /** What is wrong, in the words of the schema's library. */
  readonly message: string;
  /** Keys and indexes that lead to the place; none for the value itself. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The type of what a schema makes. */
export type SchemaOutput<Schema extends StandardSchema> = NonNullable<Schema["~standard"]["types"]>["output"];

/** The place of an issue as a reader writes it: `warehouse.tables[3]`, or `""` for the value itself. */
export function issuePath(issue: SchemaIssue): string {
  let path = "";
  for (const part of issue.path ?? []) {
    const key = typeof part === "object" ? part.key : part;
    path += typeof key === "number" ? `[${key}]` : path === "" ? String(key) : `.${String(key)}`;
  }
  return path;
}
