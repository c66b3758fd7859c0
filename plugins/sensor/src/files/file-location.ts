import { invalidInput } from "@flyte-agent/sdk";

/** Where a file is. */
export type FileLocation =
  /** On the server's own disk. `path` is absolute. */
  | { readonly kind: "local"; readonly path: string }
  /** In S3. `key` is `""` for the bucket itself. */
  | { readonly kind: "s3"; readonly bucket: string; readonly key: string }
  /** Where another server may be able to look, and this one is not. */
  | { readonly kind: "unserved"; readonly problem: string };

const supported = "an absolute path, file:///path or s3://bucket/key";

/**
 * Reads a path as flytekit (fsspec) does: `file://` and `s3://` (also `s3a://`), nothing is percent-decoded, slashes at the end mean nothing.
 *
 * @throws AgentError `invalid_input` for what can be no path of a file anywhere. The path is not repeated: it may hold credentials.
 */
export function parseFileLocation(path: string): FileLocation {
  if (path.trim() === "") throw invalidPath(`is empty, expected ${supported}`);
  if (path.includes("\0") || !path.isWellFormed()) throw invalidPath("holds a character that no path can have");
  const { scheme, rest } = splitScheme(path);
  switch (scheme) {
    case "file":
      return localPath(rest);
    case "s3":
    case "s3a":
      return s3Location(rest);
    default:
      return { kind: "unserved", problem: `"${scheme.slice(0, 40)}://" is not supported here, expected ${supported}` };
  }
}

function splitScheme(path: string): {
  readonly scheme: string;
  readonly rest: string;
} {
  const match = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<rest>.*)$/is.exec(path);
  const { scheme = "file", rest = path } = match?.groups ?? {};
  return { scheme: scheme.toLowerCase(), rest };
}

// What a relative path is relative to, a task's author cannot know; more often than not `s3://` was forgotten.
function localPath(path: string): FileLocation {
  if (path.startsWith("/")) return { kind: "local", path };
  return { kind: "unserved", problem: `is a relative path, expected ${supported}` };
}

function s3Location(rest: string): FileLocation {
  const trimmed = rest.replace(/\/+$/, "");
  const slash = trimmed.indexOf("/");
  const bucket = slash < 0 ? trimmed : trimmed.slice(0, slash);
  const key = slash < 0 ? "" : trimmed.slice(slash + 1);
  if (bucket === "") throw invalidPath("has no bucket, expected s3://bucket/key");
  if (!/^[a-z0-9][a-z0-9._-]{2,254}$/i.test(bucket)) {
    throw invalidPath("has a bucket name that S3 does not allow: 3 or more letters, digits, hyphens and dots");
  }
  // An HTTP address loses such parts, so that another object would be asked for.
  if (key.split("/").some((part) => part === "." || part === "..")) {
    const problem = 'has "." or ".." as a part of the key, which cannot be asked for. Write the key without them';
    return { kind: "unserved", problem };
  }
  return { kind: "s3", bucket, key };
}

function invalidPath(problem: string): Error {
  return invalidInput("path", problem);
}
