import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** What is at a path: text, bytes, an object written as JSON, or a symbolic link to a path relative to its directory. */
export type ProjectFile = string | Uint8Array | { readonly json: unknown } | { readonly link: string };

/** Makes a directory with these files, in this order, that is gone after the test. Returns its real path. */
export function makeProject(files: Readonly<Record<string, ProjectFile>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "flyte-agent-test-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(path.endsWith("/") ? file : dirname(file), { recursive: true });
    if (path.endsWith("/")) continue;
    if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(file, content);
    else if ("link" in content) symlinkSync(content.link, file);
    else writeFileSync(file, JSON.stringify(content.json, undefined, 2));
  }
  return root;
}

/** The files of a plugin package under a directory. `manifest` is laid over a manifest that serves `<id>_task`. */
export function pluginFiles(
  directory: string,
  name: string,
  manifest: object = {},
  packageJson: object = {},
): Record<string, ProjectFile> {
  const id = name.replace(/^@[^/]*\//, "").replace(/^flyte-agent-/, "");
  return {
    [`${directory}/package.json`]: {
      json: {
        name,
        version: "1.2.3",
        exports: "./index.js",
        "flyte-agent": { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: `${id}_task` }], ...manifest },
        ...packageJson,
      },
    },
    [`${directory}/index.js`]: "throw new Error('plugin code must not run')",
  };
}
