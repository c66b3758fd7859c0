import { portsCollide, tlsIncomplete } from "./config-errors.ts";
import type { ConfigFile } from "./config-file.ts";
import { nestSettings, type PlacedSetting } from "./nest-settings.ts";
import type { TlsConfig } from "./resolved-config.ts";
import { type SettableConfig, type SettingRow, settingRows } from "./setting-table.ts";

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
export function mergeLayers(layers: readonly ConfigLayer[]): SettableConfig {
  const merged = nestSettings(
    settingRows.map(([path, row]): PlacedSetting<unknown> => [path, strongest(layers, path, row)]),
    (members): unknown => members,
  ) as SettableConfig; // each value was let through by the schema of its row, or is the row's default
  const { port, prometheusPort, tls } = merged.server;
  if (port !== 0 && port === prometheusPort) throw portsCollide(port);
  return { ...merged, server: { ...merged.server, tls: wholeTls(tls) } };
}

function strongest(layers: readonly ConfigLayer[], path: readonly string[], row: SettingRow<unknown>): unknown {
  for (const { values, baseDirectory } of layers) {
    const value = valueAt(values, path);
    if (value !== undefined) return row.resolve?.(value, baseDirectory) ?? value;
  }
  return row.default;
}

function valueAt(values: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return values;
  if (typeof values !== "object" || values === null || !Object.hasOwn(values, key)) return undefined;
  // The line above says that the key is there.
  return valueAt((values as Readonly<Record<string, unknown>>)[key], rest);
}

function wholeTls({ certFile, keyFile }: Partial<TlsConfig> = {}): TlsConfig | undefined {
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile !== undefined) throw tlsIncomplete("server.tls.certFile", "server.tls.keyFile");
  if (keyFile !== undefined) throw tlsIncomplete("server.tls.keyFile", "server.tls.certFile");
  return undefined;
}
