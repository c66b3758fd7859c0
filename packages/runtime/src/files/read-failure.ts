/**
 * Says why a file could not be read, in words.
 *
 * @returns `undefined` if there is no such file.
 */
export function readFailure(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return undefined;
    case "EACCES":
    case "EPERM":
      return "the server has no permission to read it (EACCES)";
    case "EISDIR":
      return "it is a directory";
    case "ELOOP":
      return "its symbolic links form a circle";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
