import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../harness/free-port.ts";
import { pythonEnvironment } from "../harness/python-environment.ts";
import { startProcess } from "../harness/start-process.ts";
import type { SuiteContext } from "../harness/suite.ts";

/** An emulator that runs BigQuery's SQL. Disposing of it stops it. */
export interface Bqemulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
}

/** Installs bqemulator into the cache, if it is not there yet, and starts it with that project and these empty datasets. */
export async function startBqemulator(
  context: SuiteContext,
  { project, datasets }: { readonly project: string; readonly datasets: readonly string[] },
): Promise<Bqemulator> {
  const bin = await pythonEnvironment(
    {
      name: "bqemulator",
      requirementsFile: fileURLToPath(new URL("../../bigquery/requirements-bqemulator.txt", import.meta.url)),
      afterInstall: 'from duckdb_extensions import import_extension; import_extension("spatial")',
    },
    context,
  );
  const [restPort, grpcPort] = [await freePort(), await freePort()];
  const ports = ["--rest-port", String(restPort), "--grpc-port", String(grpcPort)];
  const running = await startProcess({
    name: "bqemulator",
    command: [join(bin, "bqemulator"), "start", "--ephemeral", "--project", project, ...ports],
    evidenceFolder: context.evidenceFolder,
    signal: context.signal,
    ready: restPort,
  });
  const endpoint = `http://127.0.0.1:${restPort}`;
  for (const datasetId of datasets) {
    const answer = await fetch(`${endpoint}/bigquery/v2/projects/${project}/datasets`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ datasetReference: { projectId: project, datasetId } }),
      signal: context.signal,
    });
    if (!answer.ok) throw new Error(`bqemulator made no dataset ${datasetId}: ${answer.status} ${await answer.text()}`);
  }
  return { endpoint, [Symbol.asyncDispose]: () => running.stop() };
}
