import { checkConfig } from "./check-config.ts";
import type { ConfigFile } from "./config-file.ts";
import { configFileSchema } from "./config-file-schema.ts";
import { type Setting, settings } from "./settings.ts";

/** Values of flags by the name of the flag in camel case (`prometheusPort`), as the command line gave them. */
export type ConfigFlags = Readonly<Record<string, string | number | undefined>>;

/**
 * Brings flags into the form of a configuration file.
 *
 * @throws AgentError `invalid_config` naming the flag whose value cannot be used.
 */
export function layerFromFlags(flags: ConfigFlags): ConfigFile {
  return layer(
    (setting) => flags[flagProperty(setting)],
    (setting) => `--${setting.flag}`,
  );
}

/**
 * Brings the `FLYTE_AGENT_*` variables into the form of a configuration file. An empty variable counts as not set.
 *
 * @throws AgentError `invalid_config` naming the variable whose value cannot be used.
 */
export function layerFromEnv(env: Readonly<Record<string, string | undefined>>): ConfigFile {
  return layer(
    (setting) => env[setting.env] || undefined,
    (setting) => setting.env,
  );
}

/** The name of a setting among the {@link ConfigFlags}: `prometheus-port` is `prometheusPort`. */
export function flagProperty(setting: Setting): string {
  return setting.flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function layer(
  givenFor: (setting: Setting) => string | number | undefined,
  nameFor: (setting: Setting) => string,
): ConfigFile {
  const content: Record<string, unknown> = {};
  const names = new Map<string, string>();
  for (const setting of settings) {
    const value = givenFor(setting);
    if (value === undefined) continue;
    place(content, setting.path, parsed(setting, value));
    names.set(setting.path.join("."), nameFor(setting));
  }
  return checkConfig(configFileSchema, content, (path) => {
    const name = names.get(path.filter((step) => typeof step === "string").join("."));
    return name ?? path.join(".");
  });
}

function parsed(setting: Setting, value: string | number): unknown {
  if (typeof value === "number") return value;
  switch (setting.kind) {
    case "text":
      return value;
    case "number":
      // Anything else stays a string, which the schema refuses (or knows, as it does "off").
      return /^-?\d+$/.test(value.trim()) ? Number(value) : value;
    case "list":
      return value
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
  }
}

function place(into: Record<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const inner = into[key];
  // Only this function writes here, and it writes objects where a path goes on.
  const next = (inner ?? {}) as Record<string, unknown>;
  into[key] = next;
  place(next, rest, value);
}
