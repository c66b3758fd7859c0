import { flagProperty, settings } from "@flyte-agent/runtime";
import type { PlanFlags } from "../plan/load-plan.ts";

/**
 * The flags of `serve` that another command needs to see the same server, as they would be typed.
 *
 * @param port the one that is served, which `--port 0` does not tell.
 */
export function repeatFlags({ config, modules = [], settings: given }: PlanFlags, port: number): string {
  const repeated = settings
    .filter(({ path }) => path[0] === "plugins" || path[1] === "tls")
    .flatMap((setting) => {
      const value = given[flagProperty(setting)];
      return value === undefined ? [] : [`--${setting.flag} ${word(String(value))}`];
    });
  return [
    ...(config === undefined ? [] : [`--config ${word(config)}`]),
    ...modules.map((module) => `--modules ${word(module)}`),
    ...(given.port === undefined ? [] : [`--port ${port}`]),
    ...repeated,
  ].join(" ");
}

function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
