/**
 * What a value is to become in BigQuery, as far as it is declared.
 *
 * Members of structures are found out when they are asked for, since a structure may hold itself.
 */
export type ParameterShape =
  /** A type of BigQuery with one value, for example `INT64`. */
  | { readonly kind: "scalar"; readonly type: string }
  | { readonly kind: "json" }
  | { readonly kind: "array"; readonly item: ParameterShape }
  | { readonly kind: "struct"; readonly fields: () => ReadonlyMap<string, ParameterShape> }
  /** One of several; the value decides. */
  | { readonly kind: "choice"; readonly variants: readonly ParameterShape[] }
  /** Nothing that BigQuery has; `what` completes "is …". */
  | { readonly kind: "none"; readonly what: string };

/** A scalar of this type of BigQuery. */
export function scalar(type: string): ParameterShape {
  return { kind: "scalar", type };
}

/** One of some variants: the only one itself if there is but one, JSON if there is none. */
export function choice(variants: readonly ParameterShape[]): ParameterShape {
  const [first] = variants;
  if (first === undefined) return { kind: "json" };
  return variants.length === 1 ? first : { kind: "choice", variants };
}
