import { type FlyteValue, invalidInput, type JsonObject } from "@flyte-agent/sdk";
import { jsonText } from "./json-text.ts";
import type { ParameterShape } from "./parameter-shape.ts";
import { scalarValue } from "./scalar-value.ts";

/** A value with its type, as `QueryParameter` has them. */
export interface TypedValue {
  /** `QueryParameterType`. */
  readonly type: JsonObject;
  /** `QueryParameterValue`. */
  readonly value: JsonObject;
}

/** BigQuery nests structures this deep at most. */
const maxDepth = 15;

/** A shape in which nothing is open any more: variants are chosen, fields have their order. */
type Settled =
  | { readonly kind: "scalar"; readonly type: string }
  | { readonly kind: "json" }
  | { readonly kind: "array"; readonly item: Settled }
  | { readonly kind: "struct"; readonly fields: ReadonlyMap<string, Settled> };

/** Where a value stands, for error texts. */
interface Place {
  readonly input: string;
  /** For example `.orders[3].total`, `""` for the input itself. */
  readonly path: string;
  readonly depth: number;
}

/**
 * Makes a query parameter of an input.
 *
 * @throws AgentError `invalid_input` that names the input and the place in it, for what BigQuery cannot be told.
 */
export function toParameter(input: string, shape: ParameterShape, value: FlyteValue): TypedValue {
  const place = { input, path: "", depth: 0 };
  const settled = settle(shape, [value], place);
  return { type: typeOf(settled), value: writeValue(settled, value, place) };
}

/** Settles what a shape leaves open by all the values that it is for. */
function settle(shape: ParameterShape, values: readonly FlyteValue[], place: Place): Settled {
  if (place.depth > maxDepth)
    throw refusal(place, `is nested deeper than ${maxDepth} levels, which BigQuery does not take`);
  switch (shape.kind) {
    case "scalar":
    case "json":
      return shape;
    case "none":
      throw refusal(place, `is ${shape.what}, and BigQuery has no such parameters`);
    case "choice":
      return settleChoice(shape.variants, values, place);
    case "array":
      return settleArray(shape.item, values, place);
    case "struct":
      return settleStruct(shape.fields(), values, place);
  }
}

function settleChoice(variants: readonly ParameterShape[], values: readonly FlyteValue[], place: Place): Settled {
  let problem: unknown;
  for (const variant of variants) {
    try {
      const settled = settle(variant, values, place);
      for (const value of values) writeValue(settled, value, place);
      return settled;
    } catch (reason) {
      problem ??= reason;
    }
  }
  throw problem;
}

function settleArray(item: ParameterShape, values: readonly FlyteValue[], place: Place): Settled {
  const settled = settle(item, values.flatMap(itemsOf), inside(place, "[]"));
  if (settled.kind !== "array") return { kind: "array", item: settled };
  throw refusal(place, "is a list of lists, which BigQuery does not have. Make it a list of structures");
}

// A STRUCT's fields have an order, which declarations of both SDKs have lost; values have kept it.
function settleStruct(
  fields: ReadonlyMap<string, ParameterShape>,
  values: readonly FlyteValue[],
  place: Place,
): Settled {
  const members = values.map(membersOf).filter((member) => member !== undefined);
  const names = new Set([...(members[0]?.keys() ?? []), ...fields.keys()]);
  const settled = new Map<string, Settled>();
  for (const name of names) {
    const shape = fields.get(name);
    if (shape === undefined) throw refusal(inside(place, `.${name}`), "is a field that its type does not have");
    const ofField = members.map((member) => member.get(name) ?? null);
    settled.set(name, settle(shape, ofField, inside(place, `.${name}`)));
  }
  return { kind: "struct", fields: settled };
}

function typeOf(settled: Settled): JsonObject {
  switch (settled.kind) {
    case "scalar":
      return { type: settled.type };
    case "json":
      return { type: "JSON" };
    case "array":
      return { type: "ARRAY", arrayType: typeOf(settled.item) };
    case "struct":
      return {
        type: "STRUCT",
        structTypes: [...settled.fields].map(([name, field]) => ({ name, type: typeOf(field) })),
      };
  }
}

function writeValue(settled: Settled, value: FlyteValue, place: Place): JsonObject {
  if (value === null) return { value: null };
  switch (settled.kind) {
    case "scalar": {
      const written = scalarValue(settled.type, value);
      if (written === undefined)
        throw refusal(place, `is ${describe(value)}, which cannot be given as ${settled.type}`);
      return { value: written };
    }
    case "json": {
      const text = jsonText(value);
      if (text === undefined) throw refusal(place, "holds nan, inf or too many levels, which JSON cannot hold");
      return { value: text };
    }
    case "array": {
      if (!isList(value)) throw refusal(place, `is ${describe(value)}, expected a list`);
      return {
        arrayValues: value.map((item, index) => writeValue(settled.item, item, inside(place, `[${index}]`))),
      };
    }
    case "struct": {
      const members = membersOf(value);
      if (members === undefined) throw refusal(place, `is ${describe(value)}, expected a structure`);
      for (const name of members.keys()) {
        if (!settled.fields.has(name))
          throw refusal(inside(place, `.${name}`), "is a field that its type does not have");
      }
      const values = [...settled.fields].map(([name, field]) => {
        return [name, writeValue(field, members.get(name) ?? null, inside(place, `.${name}`))] as const;
      });
      return { structValues: Object.fromEntries(values) };
    }
  }
}

function itemsOf(value: FlyteValue): readonly FlyteValue[] {
  return isList(value) ? value : [];
}

function isList(value: FlyteValue): value is readonly FlyteValue[] {
  return Array.isArray(value);
}

/** The members of a structure; `undefined` for what is none. */
function membersOf(value: FlyteValue): ReadonlyMap<string, FlyteValue> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isList(value) || value instanceof Map || ArrayBuffer.isView(value)) return undefined;
  return new Map(Object.entries(value));
}

function inside({ input, path, depth }: Place, step: string): Place {
  return { input, path: `${path}${step}`, depth: depth + 1 };
}

function refusal({ input, path }: Place, problem: string): Error {
  return invalidInput(input, path === "" ? problem : `${path.replace(/^\./, "")} ${problem}`);
}

/** The kind of a value, never the value: inputs may be private. */
function describe(value: FlyteValue): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (typeof value === "string") return "a string";
  if (typeof value === "boolean") return "true or false";
  if (value !== null && "epochNanoseconds" in value) return "a timestamp";
  return value !== null && "bytes" in value ? "a pickle" : "an object";
}
