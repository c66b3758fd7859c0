import { createSecrets, type PlanEntry, secretPlace } from "@flyte-agent/runtime";
import type { Finding } from "./finding.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Looks for the secrets that the manifests of served plugins name. Their values are told to nobody. */
export async function checkSecrets(
  entries: readonly PlanEntry[],
  environment: Environment,
): Promise<readonly Finding[]> {
  const secrets = createSecrets({}, { environment });
  const missing: Finding[] = [];
  for (const { manifest, verdict } of entries) {
    if (verdict.kind !== "accepted" || manifest === undefined) continue;
    for (const name of manifest.secrets) {
      if ((await secrets.find(name)) === undefined) missing.push(missingSecret(manifest.id, name, environment));
    }
  }
  return missing;
}

function missingSecret(id: string, name: string, environment: Environment): Finding {
  const { variable, file } = secretPlace(name, environment);
  return {
    text: `plugin "${id}" needs the secret "${name}", which is nowhere to be found`,
    fix: `set the variable ${variable}, or mount the file ${file}`,
  };
}
