import type { PluginsConfig } from "../config/resolved-config.ts";
import { matchesPattern } from "./matches-pattern.ts";
import type { Candidate } from "./plan.ts";
import { type Disablement, denied, disabledByConfig, notAllowed } from "./verdicts.ts";

/** Which plugins the operator wants. */
export type PluginPolicy = Pick<PluginsConfig, "allow" | "deny" | "disabled">;

/**
 * Asks the configuration whether a plugin may be served. `deny` wins over `allow`.
 *
 * @returns `undefined` if it may.
 */
export function checkPolicy(
  { packageName, pluginId }: Pick<Candidate, "packageName" | "pluginId">,
  policy: PluginPolicy,
): Disablement | undefined {
  const fits = (pattern: string): boolean => matchesPattern(pattern, packageName) || matchesPattern(pattern, pluginId);
  const disabled = policy.disabled.find(fits);
  if (disabled !== undefined) return disabledByConfig(disabled);
  const deniedBy = policy.deny.find(fits);
  if (deniedBy !== undefined) return denied(deniedBy);
  return policy.allow.length === 0 || policy.allow.some(fits) ? undefined : notAllowed(packageName);
}
