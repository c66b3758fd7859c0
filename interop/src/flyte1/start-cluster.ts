import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../harness/free-port.ts";
import { startProcess } from "../harness/start-process.ts";
import type { SuiteContext } from "../harness/suite.ts";
import { createKubernetesClient, type KubernetesClient } from "./kubernetes-client.ts";

/** A Kubernetes without nodes: etcd and kube-apiserver. Disposing of it stops both. */
export interface Cluster extends AsyncDisposable {
  readonly kubernetes: KubernetesClient;
  /** File that tells other programs how to reach it. */
  readonly kubeconfigFile: string;
}

/** Paths of the programs. */
export interface ClusterPrograms {
  readonly etcd: string;
  readonly kubeApiserver: string;
}

/** Starts an empty cluster on free ports. Its data lie in a temporary folder, its output in the evidence. */
export async function startCluster(
  { etcd, kubeApiserver }: ClusterPrograms,
  { evidenceFolder, signal }: Pick<SuiteContext, "evidenceFolder" | "signal">,
): Promise<Cluster> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "flyte-agent-cluster-"));
  starting.defer(() => rm(folder, { recursive: true, force: true }));

  const ports = { etcd: await freePort(), etcdPeers: await freePort(), kubeApiserver: await freePort() };
  const etcdUrl = `http://127.0.0.1:${ports.etcd}`;
  const etcdFlags = {
    "data-dir": join(folder, "etcd"),
    "listen-client-urls": etcdUrl,
    "advertise-client-urls": etcdUrl,
    "listen-peer-urls": `http://127.0.0.1:${ports.etcdPeers}`,
    // Nobody needs the data after the run.
    "unsafe-no-fsync": "true",
  };
  starting.use(
    await startProcess({
      name: "etcd",
      command: [etcd, ...asFlags(etcdFlags)],
      evidenceFolder,
      signal,
      ready: ports.etcd,
    }),
  );

  const token = randomUUID();
  const tokenFile = join(folder, "tokens.csv");
  await writeFile(tokenFile, `${token},interop,interop,system:masters\n`);
  const serviceAccountKeyFile = join(folder, "service-account.pem");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeFile(serviceAccountKeyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  const url = `https://127.0.0.1:${ports.kubeApiserver}`;
  const flags = {
    "etcd-servers": etcdUrl,
    "bind-address": "127.0.0.1",
    "advertise-address": "127.0.0.1",
    "secure-port": String(ports.kubeApiserver),
    // It makes a certificate of its own there.
    "cert-dir": folder,
    "token-auth-file": tokenFile,
    "authorization-mode": "AlwaysAllow",
    "service-account-issuer": url,
    "service-account-key-file": serviceAccountKeyFile,
    "service-account-signing-key-file": serviceAccountKeyFile,
    "service-cluster-ip-range": "10.0.0.0/24",
  };
  starting.use(
    await startProcess({
      name: "kube-apiserver",
      command: [kubeApiserver, ...asFlags(flags)],
      evidenceFolder,
      signal,
      ready: ports.kubeApiserver,
    }),
  );

  const certificateFile = join(folder, "apiserver.crt");
  const certificateAuthority = await readFile(certificateFile, "utf8");
  const kubernetes = createKubernetesClient({ url, token, certificateAuthority });
  await untilReady(kubernetes, signal);
  const kubeconfigFile = join(folder, "kubeconfig.json");
  await writeFile(kubeconfigFile, JSON.stringify(kubeconfig(url, token, certificateFile), null, 2));

  const started = starting.move();
  return { kubernetes, kubeconfigFile, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function asFlags(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

const readyTimeoutMs = 60_000;

/** It listens before it can do anything. */
async function untilReady(kubernetes: KubernetesClient, signal: AbortSignal): Promise<void> {
  const endMs = Date.now() + readyTimeoutMs;
  for (;;) {
    try {
      // Made by kube-apiserver itself, among the last things of its start.
      await kubernetes.request("GET", "/api/v1/namespaces/default");
      return;
    } catch (reason) {
      if (Date.now() > endMs) throw new Error("kube-apiserver was not ready in time", { cause: reason });
      await delay(100, undefined, { signal });
    }
  }
}

function kubeconfig(server: string, token: string, certificateFile: string): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "interop", cluster: { server, "certificate-authority": certificateFile } }],
    users: [{ name: "interop", user: { token } }],
    contexts: [{ name: "interop", context: { cluster: "interop", user: "interop" } }],
    "current-context": "interop",
  };
}
