import { join } from "node:path";

/** Where the server's own secret of one name may be. */
export interface SecretPlace {
  /** The variable of a server. */
  readonly variable: string;
  /** The variable that flytekit takes in local runs only. */
  readonly plainVariable: string;
  /** Path of the file that holds the value. */
  readonly file: string;
}

/**
 * Where a secret is looked for. The names and defaults are flytekit's: variable `_FSEC_<NAME>` (prefix moved by
 * `FLYTE_SECRETS_ENV_PREFIX`), file `/etc/secrets/<name>` (`FLYTE_SECRETS_DEFAULT_DIR`, `FLYTE_SECRETS_FILE_PREFIX`).
 */
export function secretPlace(name: string, environment: Readonly<Record<string, string | undefined>>): SecretPlace {
  const prefix = environment.FLYTE_SECRETS_ENV_PREFIX ?? "_FSEC_";
  const directory = environment.FLYTE_SECRETS_DEFAULT_DIR ?? "/etc/secrets";
  const filePrefix = environment.FLYTE_SECRETS_FILE_PREFIX ?? "";
  return {
    variable: `${prefix}${name.toUpperCase()}`,
    plainVariable: name.toUpperCase(),
    file: join(directory, `${filePrefix}${name.toLowerCase()}`),
  };
}
