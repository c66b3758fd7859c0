import { proxyWarning } from "./proxy-environment.ts";
import { trustAuthorities } from "./trust-authorities.ts";

/**
 * Trusts the authorities that the environment names, and tells what of it and of its proxies cannot be used.
 *
 * @param mayRestart whether proxies that are not used yet will be, after a restart.
 */
export function networkWarnings(process: NodeJS.Process, mayRestart: boolean): readonly string[] {
  const proxies = mayRestart ? undefined : proxyWarning(process);
  return [...(proxies === undefined ? [] : [proxies]), ...trustAuthorities(process)];
}
