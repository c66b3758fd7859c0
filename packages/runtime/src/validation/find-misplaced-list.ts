import { schemaMember, unwrappedSchema } from "./schema-member.ts";
import type { SchemaProblem } from "./schema-problem.ts";

/**
 * Finds a list where the schema wants an object. valibot takes a list for an object, and an empty one would pass for
 * an object without keys.
 */
export function findMisplacedList(
  schema: unknown,
  data: unknown,
  path: readonly (string | number)[] = [],
): SchemaProblem | undefined {
  const bare = unwrappedSchema(schema);
  const entries = schemaMember(bare, "entries");
  const item = schemaMember(bare, "item");
  const wantsObject = entries !== undefined || schemaMember(bare, "type") === "record";
  if (wantsObject && Array.isArray(data)) {
    return { path, problem: `got a list, expected ${String(schemaMember(bare, "message"))}` };
  }
  if (typeof data !== "object" || data === null) return undefined;
  for (const [key, value] of Object.entries(data)) {
    const inner = item === undefined ? schemaMember(entries, key) : item;
    const step = Array.isArray(data) ? Number(key) : key;
    const found = inner === undefined ? undefined : findMisplacedList(inner, value, [...path, step]);
    if (found !== undefined) return found;
  }
  return undefined;
}
