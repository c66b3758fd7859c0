import { createRouterTransport } from "@connectrpc/connect";
import { createFlyte1TaskClient, createFlyte2TaskClient, type TaskClient } from "@flyte-agent/client/internal";
import { createInlineHost, defaultConfig } from "@flyte-agent/runtime";
import { createRuntime, type Runtime, registerMethods } from "@flyte-agent/runtime/internal";
import { captureLog } from "./capture-log.ts";
import { declaredManifest } from "./declared-manifest.ts";
import { planOfOne } from "./plan-of-one.ts";
import type { LogRecord } from "./test-host.ts";
import type { TestHostOptions } from "./test-host-options.ts";
import { undeclaredManifest } from "./undeclared-manifest.ts";
import type { WatchedPlugin } from "./watch-plugin.ts";

/** A server in memory and its callers. */
export interface ServedPlugin {
  readonly runtime: Runtime;
  readonly flyte1: TaskClient;
  readonly flyte2: TaskClient;
  readonly logRecords: readonly LogRecord[];
}

/**
 * Serves a plugin in memory: the server's own runtime, and the callers' messages as bytes of the Connect protocol in
 * between.
 *
 * @throws Error if the plugin cannot be set up.
 */
export async function servePlugin(
  watched: WatchedPlugin,
  options: TestHostOptions,
  maxJobBytes: number,
): Promise<ServedPlugin> {
  const { secrets = {}, configs = {} } = options;
  const { log, records } = captureLog();
  const manifest = (await declaredManifest(options)) ?? undeclaredManifest(watched);
  const { inputs, limits } = defaultConfig;
  const host = createInlineHost({
    manifest,
    load: async () => watched.plugin,
    pluginOptions: options.options,
    environment: environmentOf(secrets),
    inputs,
    maxJobBytes,
    log,
  });
  await host.start();
  if (host.state.kind === "quarantined") {
    const { reason } = host.state;
    await host.close();
    throw setUpFailed(watched, reason);
  }

  const runtime = createRuntime({
    plan: planOfOne(manifest),
    createHost: (_entry, onState) => {
      onState(host.state);
      return host;
    },
    inputs,
    limits,
    timings: { receiveTimeoutMs: 10_000 },
    log,
  });
  const transport = createRouterTransport((router) => registerMethods(router, "binary", runtime.methods));
  const flyte1 = createFlyte1TaskClient(transport);
  const flyte2 = createFlyte2TaskClient(transport, { secrets: { ...secrets }, configs: { ...configs } });
  return { runtime, flyte1, flyte2, logRecords: records };
}

function environmentOf(secrets: Readonly<Record<string, string>>): Record<string, string> {
  const variables = Object.entries(secrets).map(([name, value]) => [`_FSEC_${name.toUpperCase()}`, value]);
  // Secret files of the machine that runs the tests do not count.
  return { ...Object.fromEntries(variables), FLYTE_SECRETS_DEFAULT_DIR: "/there/are/no/secret/files" };
}

function setUpFailed({ failure }: WatchedPlugin, reason: string): Error {
  if (failure === undefined) return new Error(`the plugin cannot be set up: ${reason}`);
  const message = failure.reason instanceof Error ? failure.reason.message : String(failure.reason);
  return new Error(`the plugin's setup failed: ${message}`, { cause: failure.reason });
}
