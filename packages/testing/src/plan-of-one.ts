import type { Manifest, Plan } from "@flyte-agent/runtime";
import { categoryKey } from "@flyte-agent/runtime";

/** A plan with one accepted plugin, which serves everything that its manifest declares. */
export function planOfOne(manifest: Manifest): Plan {
  const { id, agents } = manifest;
  return {
    appRoot: process.cwd(),
    configFile: undefined,
    discovery: "auto",
    entries: [
      {
        candidate: {
          packageName: id,
          pluginId: id,
          packageVersion: "0.0.0",
          directory: process.cwd(),
          source: "config",
        },
        manifest,
        entryFile: undefined,
        verdict: { kind: "accepted" },
        trace: [],
      },
    ],
    owners: new Map(agents.map(({ category }) => [categoryKey(category), id])),
    conflicts: [],
    settingProblems: [],
    warnings: [],
  };
}
