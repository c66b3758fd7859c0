import type { GoogleError } from "./google-error.ts";
import { jsonRecord } from "./json-record.ts";

/** What BigQuery finds wrong with the body of a `jobs.insert` before it looks at the SQL; undefined if nothing. */
export function checkInsert(project: string, body: unknown): GoogleError | undefined {
  const { jobReference, configuration } = jsonRecord(body);
  const { jobId, projectId = project } = jsonRecord(jobReference);
  const { query, labels } = jsonRecord(configuration);
  if (projectId !== project)
    return invalid(`Value in the URL (${project}) differs from the job's: ${String(projectId)}`);
  if (jobId !== undefined && !(typeof jobId === "string" && /^[\w-]{1,1024}$/.test(jobId))) {
    return invalid(`Invalid value for: jobReference.jobId: ${String(jobId)}`);
  }
  if (query === undefined) return { status: 400, reason: "required", message: "Required parameter is missing" };
  return checkLabels(labels) ?? checkQuery(jsonRecord(query));
}

function checkLabels(labels: unknown): GoogleError | undefined {
  const entries = Object.entries(jsonRecord(labels));
  if (entries.length > 64) return invalid("Too many labels: at most 64 are allowed.");
  for (const [key, value] of entries) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key))
      return invalid(`Label key "${key}" has invalid characters.`);
    if (typeof value !== "string" || !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value)) {
      return invalid(`Label value "${String(value)}" has invalid characters.`);
    }
  }
  return undefined;
}

function checkQuery(query: Readonly<Record<string, unknown>>): GoogleError | undefined {
  const { query: statement, useLegacySql = true, parameterMode, queryParameters = [] } = query;
  if (typeof statement !== "string" || statement.trim() === "") {
    return { status: 400, reason: "required", message: "Required parameter is missing: query" };
  }
  if (!Array.isArray(queryParameters)) return unreadable("queryParameters");
  if (queryParameters.length === 0) return undefined;
  if (useLegacySql !== false) return invalid("Query parameters cannot be used with legacy SQL");
  const names = queryParameters.map((parameter) => jsonRecord(parameter).name);
  if (parameterMode === "NAMED" && names.some((name) => typeof name !== "string" || name === "")) {
    return invalid("Query parameters must all have names in NAMED mode");
  }
  const lowered = names.map((name) => String(name).toLowerCase());
  if (parameterMode === "NAMED" && new Set(lowered).size !== lowered.length) return invalid("Duplicate parameter name");
  for (const [index, parameter] of queryParameters.entries()) {
    const { parameterType, parameterValue } = jsonRecord(parameter);
    const refusal = checkValue(parameterType, parameterValue, `query.query_parameters[${index}]`);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

const scalarTypes =
  /^(INT64|INTEGER|FLOAT64|FLOAT|NUMERIC|BIGNUMERIC|BOOL|BOOLEAN|STRING|BYTES|DATE|DATETIME|TIME|TIMESTAMP|GEOGRAPHY|JSON|INTERVAL|RANGE)$/;

function checkValue(type: unknown, value: unknown, place: string): GoogleError | undefined {
  const { type: name, arrayType, structTypes } = jsonRecord(type);
  const { value: scalar, arrayValues, structValues } = jsonRecord(value);
  if (name === "ARRAY") {
    if (jsonRecord(arrayType).type === "ARRAY") return invalid(`Arrays of arrays are not supported: ${place}`);
    const items = arrayValues ?? [];
    if (!Array.isArray(items)) return unreadable(`${place}.array_values`);
    return first(items, (item, index) => checkValue(arrayType, item, `${place}.array_values[${index}]`));
  }
  if (name === "STRUCT") {
    if (!Array.isArray(structTypes) || structTypes.length === 0) return invalid(`A STRUCT needs its fields: ${place}`);
    const values = jsonRecord(structValues);
    return first(structTypes, (field) => {
      const { name: key, type: fieldType } = jsonRecord(field);
      return checkValue(fieldType, values[String(key)], `${place}.struct_values[${String(key)}]`);
    });
  }
  if (typeof name !== "string" || !scalarTypes.test(name))
    return invalid(`Invalid parameter type at ${place}: ${String(name)}`);
  // Python's client sends floats as JSON numbers, and BigQuery takes them.
  const isText = scalar === undefined || scalar === null || typeof scalar === "string";
  return isText || (typeof scalar === "number" && /^FLOAT/.test(name)) ? undefined : unreadable(`${place}.value`);
}

function first<T>(
  items: readonly T[],
  check: (item: T, index: number) => GoogleError | undefined,
): GoogleError | undefined {
  for (const [index, item] of items.entries()) {
    const refusal = check(item, index);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function invalid(message: string): GoogleError {
  return { status: 400, reason: "invalid", message };
}

function unreadable(place: string): GoogleError {
  return { status: 400, reason: "badRequest", message: `Invalid value at '${place}' (TYPE_STRING)` };
}
