/**
 * Directories that no task may look at, whatever the operator allows: the kernel's view of the server's process, devices, and the
 * places of secrets. Whether a file is there is an answer, too.
 *
 * @param environment of the server: `FLYTE_SECRETS_DEFAULT_DIR` moves the directory of its secrets.
 */
export function closedDirectories(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const secrets = environment.FLYTE_SECRETS_DEFAULT_DIR?.trim() || "/etc/secrets";
  return ["/proc", "/sys", "/dev", "/run/secrets", "/var/run/secrets", secrets];
}
