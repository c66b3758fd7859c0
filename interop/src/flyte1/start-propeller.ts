import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../harness/free-port.ts";
import { type RunningProcess, startProcess } from "../harness/start-process.ts";
import type { SuiteContext } from "../harness/suite.ts";
import type { BlobStore } from "./blob-store.ts";

/** How to start FlytePropeller's controller. */
export interface PropellerOptions {
  /** Path of the program. */
  readonly program: string;
  readonly kubeconfigFile: string;
  /** The only namespace whose workflows it runs; also names its folder in the evidence. */
  readonly namespace: string;
  /** The one of its two plugins that is enabled. */
  readonly plugin: "agent" | "connector";
  /** Port of the default deployment. */
  readonly port: number;
  /** Ports of further deployments by name. */
  readonly deployments?: Readonly<Record<string, number>>;
  /** Names of further deployments by task type. */
  readonly deploymentForTaskTypes?: Readonly<Record<string, string>>;
  readonly store: BlobStore;
}

/** A propeller that can be killed. Disposing of it stops it. */
export interface Propeller extends AsyncDisposable {
  readonly namespace: string;
  /** Kills it as the kernel would (SIGKILL), and starts another one when the work is done. */
  killAndRestart(whileAway?: () => Promise<void>): Promise<void>;
}

/** Starts a controller and waits until it works. */
export async function startPropeller(
  options: PropellerOptions,
  { evidenceFolder, signal }: Pick<SuiteContext, "evidenceFolder" | "signal">,
): Promise<Propeller> {
  const { program, namespace } = options;
  const folder = join(evidenceFolder, `propeller-${namespace}`);
  await mkdir(folder, { recursive: true });
  const configFile = join(folder, "config.yaml");
  const configuration = configurationOf(options, await freePort());
  // JSON is YAML, too.
  await writeFile(configFile, JSON.stringify(configuration, null, 2));
  const start = (): Promise<RunningProcess> =>
    startProcess({
      name: "propeller",
      command: [program, "--config", configFile],
      evidenceFolder: folder,
      signal,
      ready: /Starting FlyteWorkflow controller/,
    });
  let running = await start();
  return {
    namespace,
    async killAndRestart(whileAway) {
      running.kill("SIGKILL");
      await running.ended;
      await whileAway?.();
      running = await start();
    },
    [Symbol.asyncDispose]: () => running.stop(),
  };
}

function configurationOf(options: PropellerOptions, profilerPort: number): object {
  const { kubeconfigFile, namespace, plugin, store } = options;
  return {
    propeller: {
      "kube-config": kubeconfigFile,
      "limit-namespace": namespace,
      "prof-port": profilerPort,
      "create-flyteworkflow-crd": true,
      "metadata-prefix": `metadata/${namespace}`,
      "rawoutput-prefix": `${store.rawOutputPrefix}/${namespace}`,
      // With more than one round at a time, propeller knows an old version of an object only if it is the one before the
      // newest. Under load it takes up older ones again, and creates or deletes a job a second time.
      "max-streak-length": 1,
      // Both want flyteadmin.
      "enable-admin-launcher": false,
      "leader-election": { enabled: false },
    },
    // It connects when it is first needed, which it never is; but it has to be an address.
    admin: { endpoint: "dns:///127.0.0.1:1", insecure: true },
    // The other sink without flyteadmin, a file, fails for good when two events come at once.
    event: { type: "log" },
    storage: store.storage,
    tasks: { "task-plugins": { "enabled-plugins": [`${plugin}-service`] } },
    plugins: { [`${plugin}-service`]: pluginConfiguration(options) },
    logger: { level: 4 },
  };
}

function pluginConfiguration(options: PropellerOptions): object {
  const { plugin, port, deployments = {}, deploymentForTaskTypes = {} } = options;
  const [defaultKey, mapKey, forTaskTypesKey] = {
    agent: ["defaultAgent", "agents", "agentForTaskTypes"],
    connector: ["defaultConnector", "connectors", "connectorForTaskTypes"],
  }[plugin] as [string, string, string];
  return {
    [defaultKey]: deployment(port),
    [mapKey]: Object.entries(deployments).map(([name, deploymentPort]) => ({ [name]: deployment(deploymentPort) })),
    [forTaskTypesKey]: Object.entries(deploymentForTaskTypes).map(([taskType, name]) => ({ [taskType]: name })),
    // The shortest that it takes.
    webApi: { caching: { resyncInterval: "5s" } },
  };
}

function deployment(port: number): object {
  return { endpoint: `dns:///127.0.0.1:${port}`, insecure: true };
}
