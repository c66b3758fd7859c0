/** The form of a plugin's id. */
export const pluginIdPattern: RegExp = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * The id of a plugin whose manifest names none: the package's name without scope and without `flyte-agent-`. What an
 * id cannot hold becomes a dash; should two packages end up with one id, the plan says so.
 */
export function defaultPluginId(packageName: string): string {
  const bare = packageName.replace(/^@[^/]*\//, "").replace(/^flyte-agent-/, "");
  const letters = bare
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .slice(0, 60);
  return /^[a-z]/.test(letters) ? letters : `p-${letters}`;
}
