import { settingRows } from "./setting-table.ts";

/** A single value of the configuration that a flag or an environment variable can set. */
export interface Setting {
  /** Where it stands in the configuration file. */
  readonly path: readonly [string, ...string[]];
  /** Name of the flag, without the dashes. */
  readonly flag: string;
  /** Name of the environment variable. */
  readonly env: `FLYTE_AGENT_${string}`;
  /** How the text of a flag or variable becomes a value; `list` is separated by commas. */
  readonly kind: "text" | "number" | "list";
  /** What the value is, as the help text of the flag says it. */
  readonly summary: string;
  /** The values that it can have, where they are few. */
  readonly choices?: readonly string[];
  /** Whether less is protected without it, so that a mistyped variable must not be passed over. */
  readonly protects?: true;
}

/** The name of the environment variable that names the configuration file. */
export const configFileVariable = "FLYTE_AGENT_CONFIG";

/** Every value of the configuration that a flag or an environment variable can set. */
export const settings: readonly Setting[] = settingRows.flatMap(([path, row]) => {
  if (row.flag === undefined) return [];
  const flag = flagOf(path);
  return [
    {
      path,
      flag,
      env: `FLYTE_AGENT_${flag.toUpperCase().replaceAll("-", "_")}` as const,
      kind: typeof row.default === "number" ? "number" : Array.isArray(row.default) ? "list" : "text",
      summary: row.flag,
      ...(row.choices === undefined ? {} : { choices: row.choices.map(String) }),
      ...(row.protects === undefined ? {} : { protects: row.protects }),
    },
  ];
});

/** `server.tls.certFile` is `tls-cert-file`: what belongs to the server needs no word for it. */
function flagOf([first, ...rest]: readonly [string, ...string[]]): string {
  const words = first === "server" ? rest : [first, ...rest];
  return words.join("-").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
