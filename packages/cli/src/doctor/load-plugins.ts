import { createPluginHost, type Plan, type ResolvedConfig, type RuntimeLog, serverTimings } from "@flyte-agent/runtime";
import { provideSdk } from "../plan/provide-sdk.ts";
import type { Finding } from "./finding.ts";

/**
 * Loads the served plugins as `serve` does, one after the other, and closes them again: their modules, their options by
 * their own schemas, their set-up, and whether their agents are those of their manifests.
 */
export async function loadPlugins(config: ResolvedConfig, plan: Plan, log: RuntimeLog): Promise<readonly Finding[]> {
  provideSdk();
  const problems: Finding[] = [];
  for (const entry of plan.entries) {
    if (entry.verdict.kind !== "accepted") continue;
    const host = createPluginHost(entry, {
      ...serverTimings,
      config,
      log,
      environment: process.env,
      onState: () => {},
    });
    await host.start();
    if (host.state.kind === "quarantined") {
      const { reason, fix } = host.state;
      problems.push({ text: `plugin "${entry.candidate.pluginId}" could not be loaded: ${reason}`, fix });
    }
    await host.close();
  }
  return problems;
}
