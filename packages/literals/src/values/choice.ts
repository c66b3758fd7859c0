const chosen: unique symbol = Symbol.for("@flyte-agent/sdk.chosen") as never; // `Symbol.for` cannot be typed unique

/** A number whose kind was chosen by {@link int} or {@link float} rather than by looking at it. */
export interface NumberChoice {
  readonly [chosen]: "integer" | "float";
  readonly value: number | bigint;
}

/** A value for one variant of a union, made by {@link variant}. */
export interface VariantChoice<Value = unknown> {
  readonly [chosen]: "variant";
  readonly tag: string;
  readonly value: Value;
}

/** A value with a cache key, made by {@link withHash}. */
export interface HashChoice<Value = unknown> {
  readonly [chosen]: "hash";
  readonly hash: string;
  readonly value: Value;
}

/** A value with a decision that cannot be seen from the value: made by the functions below. */
export type ChosenValue<Value = unknown> = NumberChoice | VariantChoice<Value> | HashChoice<Value>;

/**
 * An INTEGER, also where no declared type says so.
 *
 * @example
 * ```ts
 * succeeded({ outputs: { count: int(3) } });
 * ```
 */
export function int(value: number | bigint): NumberChoice {
  return { [chosen]: "integer", value };
}

/**
 * A FLOAT, also where the number is whole and no declared type says so.
 *
 * @example
 * ```ts
 * succeeded({ outputs: { ratio: float(1) } });
 * ```
 */
export function float(value: number): NumberChoice {
  return { [chosen]: "float", value };
}

/**
 * A value for the variant of a union with this tag, for example `variant("float", 1)` for `int | float`. The tag is
 * `structure.tag` of the declared variant: the name of flytekit's type transformer.
 *
 * @example
 * ```ts
 * succeeded({ outputs: { either: variant("int", 3) } });
 * ```
 */
export function variant<Value>(tag: string, value: Value): VariantChoice<Value> {
  return { [chosen]: "variant", tag, value };
}

/**
 * A value with `Literal.hash`: the key by which Flyte's cache knows the content.
 *
 * @example
 * ```ts
 * succeeded({ outputs: { model: withHash(file("s3://bucket/model"), "8f3a") } });
 * ```
 */
export function withHash<Value>(value: Value, hash: string): HashChoice<Value> {
  return { [chosen]: "hash", hash, value };
}

/** The choice that a builder made, or `undefined` for any other value. Works across copies of the SDK. */
export function choiceOf(value: unknown): ChosenValue | undefined {
  // The brand is set by the functions above and by nothing else.
  return typeof value === "object" && value !== null && chosen in value ? (value as ChosenValue) : undefined;
}

/** What a choice decides. */
export function choiceKind<Choice extends ChosenValue>(choice: Choice): Choice[typeof chosen] {
  return choice[chosen];
}

/** The choice if it is one of a number's kind. */
export function numberChoiceOf(value: unknown): NumberChoice | undefined {
  const choice = choiceOf(value);
  if (choice === undefined || choice[chosen] === "variant" || choice[chosen] === "hash") return undefined;
  return choice;
}

/** The choice if it is one of a union's variant. */
export function variantChoiceOf(value: unknown): VariantChoice | undefined {
  const choice = choiceOf(value);
  return choice?.[chosen] === "variant" ? choice : undefined;
}

/** The choice if it is one of a cache key. */
export function hashChoiceOf(value: unknown): HashChoice | undefined {
  const choice = choiceOf(value);
  return choice?.[chosen] === "hash" ? choice : undefined;
}
