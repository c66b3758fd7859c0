import { findPackageManager, packageCommands } from "@flyte-agent/runtime";
import { expect, it } from "vitest";
import { makeProject, type ProjectFile } from "./make-project.ts";

it.each<[Record<string, ProjectFile>, string]>([
  [{ "package-lock.json": "" }, "npm"],
  [{ "app/pnpm-lock.yaml": "", "package-lock.json": "" }, "pnpm"],
  [{ "pnpm-lock.yaml": "", "app/package.json": "{}" }, "pnpm"],
  [{ "app/yarn.lock": "" }, "yarn"],
  [{ "app/.pnp.cjs": "" }, "yarn"],
  [{ "app/bun.lock": "" }, "bun"],
  [{ "app/package.json": '{"packageManager": "yarn@4.18.1"}', "app/package-lock.json": "" }, "yarn"],
  [{ "app/package.json": '{"packageManager": "other@1"}', "pnpm-lock.yaml": "" }, "pnpm"],
  [{ "app/package.json": "{", "package.json": '{"packageManager": "bun@1"}' }, "bun"],
])("%j is a project of %s", (files, expected) => {
  expect(findPackageManager(`${makeProject({ "app/": "", ...files })}/app`, {})).toBe(expected);
});

it("without any trace it is who started the program, else npm", () => {
  const directory = makeProject({});
  const agent = "pnpm/12.21.0 npm/? node/v24.21.0 linux x64";
  expect(findPackageManager(directory, { npm_config_user_agent: agent })).toBe("pnpm");
  expect(findPackageManager(directory, { npm_config_user_agent: "cnpm/1" })).toBe("npm");
  expect(findPackageManager(directory, {})).toBe("npm");
});

it("each has its own words", () => {
  const inWords = (lockFile: string): readonly string[] => {
    const { add, addInPlaceOfDev, run, dedupe } = packageCommands(makeProject({ [lockFile]: "" }), {});
    return [add("a", "b"), addInPlaceOfDev("a"), run("serve"), dedupe];
  };
  expect(inWords("package-lock.json")).toEqual([
    ...["npm install a b", "npm install --save-prod a", "npx flyte-agent serve", "npm dedupe"],
  ]);
  expect(inWords("pnpm-lock.yaml")).toEqual([
    ...["pnpm add a b", "pnpm add --save-prod a", "pnpm exec flyte-agent serve", "pnpm dedupe"],
  ]);
  expect(inWords("yarn.lock")).toEqual([
    ...["yarn add a b", "yarn remove a && yarn add a", "yarn flyte-agent serve", "yarn dedupe"],
  ]);
  expect(inWords("bun.lock")).toEqual([
    ...["bun add a b", "bun remove a && bun add a", "bunx flyte-agent serve", "bun update"],
  ]);
});
