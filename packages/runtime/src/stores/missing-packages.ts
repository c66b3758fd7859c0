import { readS3Credentials } from "./s3-settings.ts";

/**
 * The optional packages that reading from these places will take and that are not installed, so that the operator hears
 * of it at the start and not from the first task.
 *
 * @param places what `inputs.offloaded.allow` names.
 */
export function missingPackages(
  places: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const needs = (scheme: string): boolean => places.some((place) => place.startsWith(`${scheme}://`));
  const needed = [
    ...(needs("s3") && readS3Credentials(environment) === undefined ? ["@aws-sdk/credential-provider-node"] : []),
    ...(needs("gs") && !environment.STORAGE_EMULATOR_HOST ? ["google-auth-library"] : []),
  ];
  return needed.filter((name) => !isInstalled(name));
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
