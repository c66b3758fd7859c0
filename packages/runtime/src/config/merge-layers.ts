import { resolve } from "node:path";
import { resolvePluginPath } from "../files/plugin-path.ts";
import { portsCollide, tlsIncomplete } from "./config-errors.ts";
import type { ConfigFile } from "./config-file.ts";
import { defaultConfig } from "./default-config.ts";
import type { ResolvedConfig, ServerConfig, TlsConfig } from "./resolved-config.ts";

/** What somebody configured in one place. */
export interface ConfigLayer {
  readonly values: ConfigFile;
  /** Directory that relative paths in it start from. */
  readonly baseDirectory: string;
}

/**
 * Lays layers over each other and fills in the defaults. A value replaces the one below it whole: lists and maps are
 * not mixed.
 *
 * @param layers the strongest first.
 * @throws AgentError `invalid_config` if values do not fit each other.
 */
export function mergeLayers(
  layers: readonly ConfigLayer[],
): Pick<ResolvedConfig, "server" | "log" | "plugins" | "config" | "inputs" | "limits"> {
  const list = firstOf(layers, ({ values, baseDirectory }) =>
    values.plugins?.list?.map((item) => resolvePluginPath(item, baseDirectory)),
  );
  const { plugins: defaults, inputs } = defaultConfig;
  return {
    server: mergedServer(layers),
    log: {
      level: firstOf(layers, ({ values }) => values.log?.level) ?? defaultConfig.log.level,
      format: firstOf(layers, ({ values }) => values.log?.format) ?? defaultConfig.log.format,
    },
    plugins: {
      discovery: firstOf(layers, ({ values }) => values.plugins?.discovery) ?? defaults.discovery,
      list: list ?? defaults.list,
      allow: firstOf(layers, ({ values }) => values.plugins?.allow) ?? defaults.allow,
      deny: firstOf(layers, ({ values }) => values.plugins?.deny) ?? defaults.deny,
      disabled: firstOf(layers, ({ values }) => values.plugins?.disabled) ?? defaults.disabled,
      optional: firstOf(layers, ({ values }) => values.plugins?.optional) ?? defaults.optional,
      routes: firstOf(layers, ({ values }) => values.plugins?.routes) ?? defaults.routes,
      onFailure: firstOf(layers, ({ values }) => values.plugins?.onFailure) ?? defaults.onFailure,
    },
    config: firstOf(layers, ({ values }) => values.config) ?? {},
    inputs: {
      maxLiterals: firstOf(layers, ({ values }) => values.inputs?.maxLiterals) ?? inputs.maxLiterals,
      offloaded: {
        allow: firstOf(layers, ({ values }) => values.inputs?.offloaded?.allow) ?? inputs.offloaded.allow,
        maxBytes: firstOf(layers, ({ values }) => values.inputs?.offloaded?.maxBytes) ?? inputs.offloaded.maxBytes,
      },
    },
    limits: {
      maxTemplateBytes:
        firstOf(layers, ({ values }) => values.limits?.maxTemplateBytes) ?? defaultConfig.limits.maxTemplateBytes,
      maxJobBytes: firstOf(layers, ({ values }) => values.limits?.maxJobBytes) ?? defaultConfig.limits.maxJobBytes,
      maxAnswerBytes:
        firstOf(layers, ({ values }) => values.limits?.maxAnswerBytes) ?? defaultConfig.limits.maxAnswerBytes,
    },
  };
}

function mergedServer(layers: readonly ConfigLayer[]): ServerConfig {
  const defaults = defaultConfig.server;
  const server = <Key extends Exclude<keyof ServerConfig, "tls" | "cors">>(key: Key): ServerConfig[Key] =>
    // A layer has the same type under the same key, or nothing.
    (firstOf(layers, ({ values }) => values.server?.[key]) as ServerConfig[Key] | undefined) ?? defaults[key];
  const merged = {
    host: server("host"),
    port: server("port"),
    prometheusPort: server("prometheusPort"),
    maxMessageBytes: server("maxMessageBytes"),
    maxJsonBytes: server("maxJsonBytes"),
    unaryLane: server("unaryLane"),
    maxConcurrentStreams: server("maxConcurrentStreams"),
    drainTimeoutMs: server("drainTimeoutMs"),
    tls: mergedTls(layers),
    cors: { origins: firstOf(layers, ({ values }) => values.server?.cors?.origins) ?? defaults.cors.origins },
  };
  if (merged.port !== 0 && merged.port === merged.prometheusPort) throw portsCollide(merged.port);
  return merged;
}

function mergedTls(layers: readonly ConfigLayer[]): TlsConfig | undefined {
  const file = (key: keyof TlsConfig) =>
    firstOf(layers, ({ values, baseDirectory }) => {
      const path = values.server?.tls?.[key];
      return path === undefined ? undefined : resolve(baseDirectory, path);
    });
  const certFile = file("certFile");
  const keyFile = file("keyFile");
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile !== undefined) throw tlsIncomplete("server.tls.certFile", "server.tls.keyFile");
  if (keyFile !== undefined) throw tlsIncomplete("server.tls.keyFile", "server.tls.certFile");
  return undefined;
}

function firstOf<Value>(
  layers: readonly ConfigLayer[],
  pick: (layer: ConfigLayer) => Value | undefined,
): Value | undefined {
  for (const layer of layers) {
    const value = pick(layer);
    if (value !== undefined) return value;
  }
  return undefined;
}
