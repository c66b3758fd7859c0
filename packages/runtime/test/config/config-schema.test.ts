import { readFile } from "node:fs/promises";
import { loadConfig, settings } from "@flyte-agent/runtime";
import { toJsonSchema } from "@valibot/to-json-schema";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
// The schema is no part of the public interface, so that no library's types are.
import { configFileSchema } from "../../dist/config/config-file-schema.js";
import { makeProject } from "../discovery/make-project.ts";

const published = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Configuration of flyte-agent",
  description: "What flyte-agent.config.yaml and its like may hold.",
  // What is checked by a function (origins, places of stores) no JSON Schema can say.
  ...toJsonSchema(configFileSchema, { target: "draft-2020-12", typeMode: "input", errorMode: "ignore" }),
};
Object.assign(Object(childOf(published, "properties")), { $schema: { type: "string" } });
for (const { path, summary } of settings) describeAt(published, path, summary);

const accepts = new Ajv2020().compile(JSON.parse(JSON.stringify(published)));

describe("config.schema.json of the command", () => {
  it("is what the schema of the runtime gives (update with vitest -u)", async () => {
    // Lists of words stand on one line, as the formatter of the repository wants them.
    const text = JSON.stringify(published, undefined, 2).replace(
      /\[\s+("\w+"(?:,\s+"\w+")*)\s+\]/g,
      (_, words: string) => `[${words.replace(/\s+/g, " ")}]`,
    );
    await expect(`${text}\n`).toMatchFileSnapshot("../../../cli/config.schema.json");
  });

  it.each<[object, boolean]>([
    [{}, true],
    [{ $schema: "./node_modules/flyte-agent/config.schema.json", server: { port: 8001 } }, true],
    [{ server: { prometheusPort: "off", tls: { certFile: "a.pem", keyFile: "b.pem" } } }, true],
    [{ config: { webhook: { allowedHosts: ["a"] } }, plugins: { list: ["./x"], routes: { "a@0": "b" } } }, true],
    [{ server: { port: 65_536 } }, false],
    [{ server: { prot: 1 } }, false],
    [{ log: { level: "loud" } }, false],
    [{ plugins: { list: [""] } }, false],
    [{ limits: { maxJobBytes: 1.5 } }, false],
    [{ srever: {} }, false],
    [{ $schema: 1 }, false],
    [[], false],
  ])("says of %j what the server says", async (config, isRight) => {
    const root = makeProject({ "package.json": "{}", "flyte-agent.config.json": JSON.stringify(config) });
    const loads = await loadConfig({ cwd: root, env: {} }).then(
      () => true,
      () => false,
    );
    expect({ accepts: accepts(config), loads }).toEqual({ accepts: isRight, loads: isRight });
  });
});

it("is where docs/configuration.md points editors to", async () => {
  const page = await readFile(new URL("../../../../docs/configuration.md", import.meta.url), "utf8");
  const [, place = ""] = /^# yaml-language-server: \$schema=node_modules\/flyte-agent\/(\S+)$/m.exec(page) ?? [];
  const file = await readFile(new URL(`../../../cli/${place}`, import.meta.url), "utf8");
  expect(JSON.parse(file)).toHaveProperty("title", published.title);
});

/** Writes what a setting is beside its schema. */
function describeAt(schema: unknown, path: readonly string[], description: string): void {
  const found = path.reduce<unknown>((part, key) => childOf(childOf(part, "properties"), key), schema);
  if (typeof found !== "object" || found === null) throw new Error(`the schema has no ${path.join(".")}`);
  Object.assign(found, { description });
}

function childOf(value: unknown, key: string): unknown {
  return Object.entries(Object(value)).find(([name]) => name === key)?.[1];
}
