import { readManifest } from "@flyte-agent/runtime";
import { toJsonSchema } from "@valibot/to-json-schema";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
// The schema is no part of the public interface, so that no library's types are.
import { manifestSchema } from "../../dist/discovery/manifest-schema.js";

const published = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Manifest of a flyte-agent plugin, version 1",
  description: 'The value of the key "flyte-agent" in the package.json of a plugin.',
  ...toJsonSchema(manifestSchema, { target: "draft-2020-12", typeMode: "input" }),
  patternProperties: { "^x-": { description: "Free for authors and tools." } },
};

describe("manifest.schema.json of the SDK", () => {
  it("is what the schema of the runtime gives (update with vitest -u)", async () => {
    // Lists of words stand on one line, as the formatter of the repository wants them.
    const text = JSON.stringify(published, undefined, 2).replace(
      /\[\s+("\w+"(?:,\s+"\w+")*)\s+\]/g,
      (_, words: string) => `[${words.replace(/\s+/g, " ")}]`,
    );
    await expect(`${text}\n`).toMatchFileSnapshot("../../../sdk/manifest.schema.json");
  });

  it("accepts exactly what the runtime accepts", () => {
    const accepts = new Ajv2020({ allErrors: false }).compile(JSON.parse(JSON.stringify(published)));
    fc.assert(
      fc.property(manifests(), (manifest) => {
        const { kind, ...rest } = readManifest({ "flyte-agent": manifest }, "flyte-agent-x");
        // What no JSON Schema can say.
        fc.pre(!("problems" in rest && rest.problems.some((problem) => / is declared twice$/.test(problem))));
        expect(kind === "manifest").toBe(accepts(manifest));
      }),
      { numRuns: 2000 },
    );
  });
});

/** Manifests of which about half are right: each field is right, missing, or anything. */
function manifests(): fc.Arbitrary<unknown> {
  const taskType = fc.record(
    {
      name: mostly(fc.string({ minLength: 1, maxLength: 5 })),
      version: mostly(fc.nat()),
      mode: mostly(fc.constantFrom("async", "sync")),
      agent: mostly(fc.string({ minLength: 1 })),
    },
    { requiredKeys: ["name"] },
  );
  const names = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 3 });
  const known = fc.record(
    {
      $schema: mostly(fc.string()),
      manifestVersion: mostly(fc.constant(1)),
      apiVersion: mostly(fc.integer({ min: 1, max: 1_000_000 })),
      id: mostly(fc.constantFrom("a", "big-query", "a1")),
      entry: mostly(fc.constantFrom("./a.js", "./dist/a/b.js", "./..a/b.js")),
      taskTypes: mostly(fc.array(mostly(taskType), { minLength: 1, maxLength: 3 })),
      displayName: mostly(fc.string({ minLength: 1 })),
      docs: mostly(fc.string({ minLength: 1 })),
      secrets: mostly(names),
      env: mostly(names),
      isolation: mostly(fc.constantFrom("inline", "worker", "process")),
      load: mostly(fc.constantFrom("lazy", "warm", "eager")),
      permissions: mostly(fc.record({ net: mostly(names), childProcess: mostly(fc.boolean()) }, { requiredKeys: [] })),
      timeouts: mostly(fc.record({ import: mostly(fc.integer({ min: 1, max: 9 })) }, { requiredKeys: [] })),
      "x-own": fc.jsonValue(),
    },
    { requiredKeys: ["manifestVersion", "apiVersion", "taskTypes"] },
  );
  const withExtra = fc
    .tuple(known, fc.constantFrom("x-", "taskType", "constructor", "toString", "X-own", "__proto"), fc.jsonValue())
    .map(([manifest, key, value]) => ({ ...manifest, [key]: value }));
  return fc.oneof({ weight: 8, arbitrary: known }, { weight: 2, arbitrary: withExtra }, fc.jsonValue());
}

function mostly<Value>(right: fc.Arbitrary<Value>): fc.Arbitrary<unknown> {
  const wrong = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom("./../a.js", "./a/..", "A", "", 0, -1, 1.5, 2, 2_147_483_648, "x".repeat(201)),
  );
  return fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: wrong });
}
