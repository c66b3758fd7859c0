import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Secrets, secretNotFound } from "@flyte-agent/sdk";
import { secretPlace } from "./secret-places.ts";

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
 * The places are those of flytekit's `get_connector_secret` ({@link secretPlace}). Last comes the variable `<NAME>`
 * itself, which flytekit takes in local runs only.
 */
export function createSecrets(sent: Readonly<Record<string, string>>, places: SecretPlaces): Secrets {
  const { environment, onFound } = places;

  async function find(name: string): Promise<string | undefined> {
    const inCall = Object.hasOwn(sent, name) ? sent[name]?.trim() : undefined;
    if (inCall) return inCall;
    const own = await findOwn(name);
    if (own !== undefined) onFound?.(own);
    return own;
  }

  async function findOwn(name: string): Promise<string | undefined> {
    const { variable, plainVariable, file } = secretPlace(name, environment);
    const [served, plain] = [variable, plainVariable].map((known) => environment[known]?.trim() || undefined);
    if (served !== undefined) return served;
    // A name is not a path: it must not lead out of the directory.
    const fromFile = /^[\w.-]+$/.test(name) && !name.includes("..") ? await readSecretFile(file) : undefined;
    return fromFile ?? plain;
  }

  return {
    find,
    async get(name) {
      const value = await find(name);
      if (value !== undefined) return value;
      const { variable, plainVariable, file } = secretPlace(name, environment);
      throw secretNotFound(name, [
        "the call's connection (Flyte 2)",
        `the environment (${variable}, ${plainVariable})`,
        `the secrets directory (file ${basename(file)})`,
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
