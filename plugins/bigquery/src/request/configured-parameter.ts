import type { JsonObject, JsonValue } from "@flyte-agent/sdk";
import { isJsonObject } from "../parameters/json-object.ts";

/** A query parameter of a task's QueryJobConfig. */
export interface ConfiguredParameter {
  /** `undefined` for one that is told by its position. */
  readonly name: string | undefined;
  /** All of it (`QueryParameter`), as BigQuery takes it. */
  readonly json: JsonObject;
}

/** Whether two names are one parameter: BigQuery's names are the same in either case. */
export function isSameName(name: string | undefined, other: string): boolean {
  return name?.toLowerCase() === other.toLowerCase();
}

/** Reads `queryParameters` of a QueryJobConfig. What is no parameter is left out. */
export function readConfiguredParameters(value: JsonValue | undefined): readonly ConfiguredParameter[] {
  if (!isList(value)) return [];
  return value.filter(isJsonObject).map((json) => {
    const { name } = json;
    return { name: typeof name === "string" && name !== "" ? name : undefined, json };
  });
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
