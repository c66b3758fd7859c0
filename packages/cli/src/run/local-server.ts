import { createRouterTransport, type Transport } from "@connectrpc/connect";
import {
  assertNoConflicts,
  completePlan,
  createPluginHost,
  explain,
  type Plan,
  type ResolvedConfig,
  type RuntimeLog,
  serverTimings,
  type TaskCategory,
  withFix,
} from "@flyte-agent/runtime";
import { createRuntime, registerMethods } from "@flyte-agent/runtime/internal";
import { AgentError, isAgentError } from "@flyte-agent/sdk";
import { assertModules } from "../plan/assert-modules.ts";
import { provideSdk } from "../plan/provide-sdk.ts";

/** The agents of this directory, without a port. */
export interface LocalServer {
  readonly transport: Transport;
  /** Lets the plugin close what it opened. */
  close(): Promise<void>;
}

/**
 * Loads the plugin of one task type and serves it in memory. A plugin that is still being set up when the signal aborts
 * is given up, and its calls are refused.
 *
 * @throws AgentError `agent_not_found` if no plugin serves the task type; `plugin_unavailable` if it cannot be loaded.
 */
export async function startLocalServer(
  { config, plan }: { readonly config: ResolvedConfig; readonly plan: Plan },
  category: TaskCategory,
  { log, signal }: { readonly log: RuntimeLog; readonly signal: AbortSignal },
): Promise<LocalServer> {
  provideSdk();
  assertModules(plan);
  assertNoConflicts(plan);
  const runtime = createRuntime({
    plan,
    inputs: config.inputs,
    limits: config.limits,
    timings: serverTimings,
    log,
    createHost: (entry, onState) =>
      createPluginHost(entry, { ...serverTimings, config, log, environment: process.env, onState }),
  });
  const { host, pluginId } = agentOf(() => runtime.registry.get(category), plan, category);
  const giveUp = (): void => void runtime.close();
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", giveUp, { once: true });
  await host.start();
  signal.removeEventListener("abort", giveUp);
  if (host.state.kind === "quarantined") {
    const { reason, fix } = host.state;
    await runtime.close();
    throw new AgentError("plugin_unavailable", withFix(`plugin "${pluginId}" could not be loaded: ${reason}`, fix));
  }
  return {
    transport: createRouterTransport((router) => registerMethods(router, "binary", runtime.methods)),
    close: () => runtime.close(),
  };
}

/** Adds to "nobody serves this" what would serve it, if something that is installed would. */
function agentOf<Agent>(find: () => Agent, plan: Plan, category: TaskCategory): Agent {
  try {
    return find();
  } catch (reason) {
    const explanation = explain(completePlan(plan), `${category.name}@${category.version}`);
    const claimants =
      explanation.kind === "task-type" ? explanation.categories.flatMap((found) => found.claimants) : [];
    const [claimant] = claimants;
    if (!isAgentError(reason) || claimant === undefined || claimant.verdict.kind === "accepted") throw reason;
    const { candidate, verdict } = claimant;
    throw new AgentError(
      "agent_not_found",
      withFix(
        `task type ${category.name}@${category.version} is not served: ${candidate.packageName} declares it and is ` +
          `${verdict.kind}, since ${verdict.reason}`,
        verdict.fix,
      ),
    );
  }
}
