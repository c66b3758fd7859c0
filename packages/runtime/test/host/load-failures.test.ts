import { join } from "node:path";
import { createInlineHost, createLog, defaultConfig, fromFile, type HostState } from "@flyte-agent/runtime";
import { expect, it } from "vitest";
import { makeProject, type ProjectFile } from "../discovery/make-project.ts";

interface Failure {
  readonly state: HostState;
  readonly logged: string;
}

/** Loads the plugin in a directory of a project, in vain. */
async function failure(files: Readonly<Record<string, ProjectFile>>, directory: string, entry = "index.mjs") {
  const root = makeProject({ "package.json": "{}", ...files });
  let logged = "";
  const host = createInlineHost({
    manifest: { id: "x", agents: [] },
    load: fromFile(join(root, directory, entry)),
    directory: join(root, directory),
    appRoot: root,
    pluginOptions: undefined,
    environment: {},
    inputs: defaultConfig.inputs,
    maxJobBytes: 4096,
    log: createLog(
      { level: "error" },
      {
        write: (line) => {
          logged += line;
        },
      },
    ),
  });
  await host.start();
  return { root, state: host.state, logged } satisfies Failure & { readonly root: string };
}

const installed = "node_modules/flyte-agent-x";

it("a module that cannot be parsed is named with its line, also one that the entry imports", async () => {
  const files = {
    [`${installed}/index.mjs`]: 'import "./dist/fine.mjs";\n',
    [`${installed}/dist/fine.mjs`]: 'export { a } from "./broken.mjs";\n',
    [`${installed}/dist/broken.mjs`]: "export const a = 1;\nexport const b = {\n  c: 1,,\n};\n",
  };
  const { root, state, logged } = await failure(files, installed);
  expect(state).toEqual({
    kind: "quarantined",
    reason: "its module cannot be parsed: Unexpected token ',' (dist/broken.mjs:3)",
    fix:
      `correct line 3 of ${root}/${installed}/dist/broken.mjs, which is "c: 1,,"; ` +
      "update the plugin, or disable it with plugins.disabled: [x]",
  });
  expect(JSON.parse(logged).error.stack).toBe(
    `${root}/${installed}/dist/broken.mjs:3\n  c: 1,,\n       ^\n\nSyntaxError: Unexpected token ','`,
  );
});

it("so are a CommonJS module, and an import of what is not exported", async () => {
  const commonJs = await failure({ [`${installed}/index.cjs`]: "\nconst a = ;\n" }, installed, "index.cjs");
  expect(commonJs.state).toMatchObject({
    reason: "its module cannot be parsed: Unexpected token ';' (index.cjs:2)",
    fix: expect.stringContaining('which is "const a = ;"'),
  });
  const files = { [`${installed}/index.mjs`]: 'import { a } from "./b.mjs";\n', [`${installed}/b.mjs`]: "" };
  expect((await failure(files, installed)).state).toMatchObject({
    reason: expect.stringMatching(/does not provide an export named 'a' \(index\.mjs:1\)$/),
  });
});

it("a module that throws is named with the place in the plugin where it did, without what it said", async () => {
  const files = {
    [`${installed}/index.mjs`]: 'import { use } from "helper";\n\nuse("hunter2");\n',
    [`${installed}/node_modules/helper/package.json`]: { json: { main: "index.mjs" } },
    [`${installed}/node_modules/helper/index.mjs`]: "export const use = (key) => { throw new Error(key); };",
  };
  const { state } = await failure(files, installed);
  expect(state).toEqual({
    kind: "quarantined",
    reason: "its module threw an error while it was loaded (index.mjs:3:1)",
    fix: "see the error that was logged; update the plugin, or disable it with plugins.disabled: [x]",
  });
});

it("what an installed plugin lacks is installed in the app root, by its package manager", async () => {
  const files = { "pnpm-lock.yaml": "", [`${installed}/index.mjs`]: 'import "@acme/lacking/part";' };
  expect((await failure(files, installed)).state).toMatchObject({
    reason: 'package "@acme/lacking" is not installed',
    fix: "pnpm add @acme/lacking, then restart",
  });
});

it("what a plugin in a directory of its own lacks is installed there, not in the app root", async () => {
  const files = {
    "pnpm-lock.yaml": "",
    "mine/package.json": { json: { peerDependencies: { lacking: "1" } } },
    "mine/package-lock.json": "{}",
    "mine/index.mjs": 'import "lacking";',
    "mine/index.cjs": 'require("lacking/part");',
  };
  for (const entry of ["index.mjs", "index.cjs"]) {
    const { root, state } = await failure(files, "mine", entry);
    expect(state).toMatchObject({
      reason: 'its peer dependency "lacking" is not installed',
      fix: `in ${root}/mine: npm install lacking, then restart`,
    });
  }
});
