import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { s3rverCredentials, startS3 } from "../../../plugins/sensor/test/start-s3.ts";
import { goProgram, goProgramPath } from "../harness/go-program.ts";
import type { Suite } from "../harness/suite.ts";
import { allAtMost } from "../propeller/all-at-most.ts";
import { folderStore, s3Store } from "./blob-store.ts";
import { disturbingCases } from "./disturbing-cases.ts";
import { type CaseGroup, runGroup } from "./run-group.ts";
import { s3Cases } from "./s3-cases.ts";
import { sharedCases } from "./shared-cases.ts";
import { startCluster } from "./start-cluster.ts";
import { startDeployment } from "./start-deployment.ts";

const folderOf = (name: string): string => join(import.meta.dirname, "../../flyte1", name);
const programs = {
  etcd: { folder: folderOf("etcd") },
  kubeApiserver: { folder: folderOf("kube-apiserver") },
  propeller: { folder: folderOf("propeller") },
};

const peer = `FlytePropeller ${versionIn("propeller", "flytepropeller")}, Kubernetes ${versionIn("kube-apiserver", "kubernetes")}`;

function versionIn(program: string, module: string): string {
  const goMod = readFileSync(join(folderOf(program), "go.mod"), "utf8");
  return new RegExp(`/${module} v(\\S+)`).exec(goMod)?.[1] ?? "?";
}

/** Whole workflows of Flyte 1: a real kube-apiserver, and FlytePropeller's controller with our server as its agent service. */
export const flyte1Suite: Suite = {
  name: "flyte1",
  needs: ["go"],
  isBuilt: (cacheFolder) => Object.values(programs).every((program) => existsSync(goProgramPath(program, cacheFolder))),
  async run(context) {
    const { evidenceFolder } = context;
    const storeFolder = join(evidenceFolder, "store");
    await mkdir(storeFolder);
    await using s3Server = await startS3({ buckets: ["flyte"] });
    const s3 = { endpoint: s3Server.endpoint, ...s3rverCredentials };
    const folder = folderStore(storeFolder);
    const groups: readonly CaseGroup[] = [
      { name: "agent", plugin: "agent", cases: sharedCases, casesAtOnce: sharedCases.length, store: folder },
      { name: "connector", plugin: "connector", cases: sharedCases, casesAtOnce: sharedCases.length, store: folder },
      { name: "agent-disturbed", plugin: "agent", cases: disturbingCases, casesAtOnce: 1, store: folder },
      { name: "connector-disturbed", plugin: "connector", cases: disturbingCases, casesAtOnce: 1, store: folder },
      { name: "connector-s3", plugin: "connector", cases: s3Cases, casesAtOnce: 1, store: s3Store(s3) },
    ];
    const wanted = groups
      .map(({ cases, ...group }) => ({
        ...group,
        cases: cases.filter(({ name }) => context.wants(`${group.plugin}/${name}`)),
      }))
      .filter(({ cases }) => cases.length > 0);
    const etcd = await goProgram(programs.etcd, context);
    const kubeApiserver = await goProgram(programs.kubeApiserver, context);
    const program = await goProgram(programs.propeller, context);

    await using cluster = await startCluster({ etcd, kubeApiserver }, context);
    await using canary = await startDeployment({ name: "canary", storeFolder, plugins: ["canary-agents"] }, context);
    const setting = { context, cluster, program, storeFolder, s3, canaryPort: canary.port, peer };
    await allAtMost(wanted.length, wanted, (group) => runGroup(group, setting));
  },
};
