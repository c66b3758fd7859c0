import * as v from "valibot";
import { findMisplacedList } from "./find-misplaced-list.ts";
import { findProtoKey } from "./find-proto-key.ts";
import { type SchemaProblem, schemaProblem } from "./schema-problem.ts";

/** Outcome of {@link checkData}. */
export type CheckedData<Checked> =
  | { readonly kind: "right"; readonly value: Checked }
  | { readonly kind: "wrong"; readonly problems: readonly [SchemaProblem, ...SchemaProblem[]] };

/** Checks data that a person wrote against a schema, more strictly than valibot does by itself. */
export function checkData<Checked>(schema: v.GenericSchema<unknown, Checked>, data: unknown): CheckedData<Checked> {
  const protoKey = findProtoKey(data);
  if (protoKey !== undefined) {
    return { kind: "wrong", problems: [{ path: protoKey, problem: "must not have the name __proto__" }] };
  }
  const list = findMisplacedList(schema, data);
  if (list !== undefined) return { kind: "wrong", problems: [list] };
  const result = v.safeParse(schema, data);
  if (result.success) return { kind: "right", value: result.output };
  const [first, ...rest] = result.issues;
  return {
    kind: "wrong",
    problems: [schemaProblem(schema, first), ...rest.map((issue) => schemaProblem(schema, issue))],
  };
}
