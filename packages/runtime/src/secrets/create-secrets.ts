import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Secrets, secretNotFound } from "@flyte-agent/sdk";

/** Where the server's own secrets are. The names and defaults are flytekit's. */
export interface SecretPlaces {
  /** Environment to look in. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of each value that is found there. */
  readonly onFound?: (value: string) => void;
}

/**
 * Secrets of one call: those that Flyte 2 sent with it, then the environment, then files.
 *
 * The places are those of flytekit's `get_connector_secret`: variable `_FSEC_<NAME>` (prefix moved by
 * `FLYTE_SECRETS_ENV_PREFIX`), file `/etc/secrets/<name>` (`FLYTE_SECRETS_DEFAULT_DIR`, `FLYTE_SECRETS_FILE_PREFIX`).
 * Last comes the variable `<NAME>` itself, which flytekit takes in local runs only.
 */
export function createSecrets(sent: Readonly<Record<string, string>>, places: SecretPlaces): Secrets {
  const { environment, onFound } = places;
  const prefix = environment.FLYTE_SECRETS_ENV_PREFIX ?? "_FSEC_";
  const directory = environment.FLYTE_SECRETS_DEFAULT_DIR ?? "/etc/secrets";
  const filePrefix = environment.FLYTE_SECRETS_FILE_PREFIX ?? "";

  const variablesOf = (name: string): readonly string[] => [`${prefix}${name.toUpperCase()}`, name.toUpperCase()];
  const fileOf = (name: string): string => join(directory, `${filePrefix}${name.toLowerCase()}`);

  async function find(name: string): Promise<string | undefined> {
    const inCall = Object.hasOwn(sent, name) ? sent[name]?.trim() : undefined;
    if (inCall) return inCall;
    const own = await findOwn(name);
    if (own !== undefined) onFound?.(own);
    return own;
  }

  async function findOwn(name: string): Promise<string | undefined> {
    const [served, plain] = variablesOf(name).map((variable) => environment[variable]?.trim() || undefined);
    if (served !== undefined) return served;
    // A name is not a path: it must not lead out of the directory.
    const fromFile = /^[\w.-]+$/.test(name) && !name.includes("..") ? await readSecretFile(fileOf(name)) : undefined;
    return fromFile ?? plain;
  }

  return {
    find,
    async get(name) {
      const value = await find(name);
      if (value !== undefined) return value;
      const [served, plain] = variablesOf(name);
      throw secretNotFound(name, [
        "the call's connection (Flyte 2)",
        `the environment (${served}, ${plain})`,
        `the secrets directory (file ${filePrefix}${name.toLowerCase()})`,
      ]);
    },
  };
}

async function readSecretFile(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim() || undefined;
  } catch {
    // Absent, a directory or unreadable: all the same to the caller, who is told where was looked.
    return undefined;
  }
}
