import { join } from "node:path";
import { findAppRoot } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";
import { makeProject } from "./make-project.ts";

describe("findAppRoot", () => {
  it("is the nearest directory with a package.json", () => {
    const root = makeProject({ "package.json": "{}", "inner/package.json": "{}", "inner/deep/er/": "" });
    expect(findAppRoot(join(root, "inner/deep/er"))).toEqual({ directory: join(root, "inner"), hasPackageFile: true });
  });

  it("is the nearest directory with node_modules where there is no package.json", () => {
    const root = makeProject({ "node_modules/": "", "a/b/": "" });
    expect(findAppRoot(join(root, "a/b"))).toEqual({ directory: root, hasPackageFile: false });
  });

  it("is the given directory where there is neither", () => {
    const root = makeProject({ "a/": "" });
    expect(findAppRoot(join(root, "a"))).toEqual({ directory: join(root, "a"), hasPackageFile: false });
  });

  it("stops at a package.json that cannot be used, which is an error later on", () => {
    const root = makeProject({ "package.json": "{}", "inner/package.json/": "" });
    expect(findAppRoot(join(root, "inner")).directory).toBe(join(root, "inner"));
  });
});
