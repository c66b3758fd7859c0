/** An object in a store: `s3://bucket/key`. */
export interface StoredObject {
  readonly scheme: StoreScheme;
  readonly bucket: string;
  readonly key: string;
}

/** The stores that are known: Amazon S3 and what speaks like it, and Google Cloud Storage. */
export type StoreScheme = "s3" | "gs";

// Both stores name buckets with letters, digits and these three; a host name or a path could not hold more.
const placePattern = /^(?<scheme>s3|gs):\/\/(?:(?<bucket>[A-Za-z0-9][A-Za-z0-9._-]{1,221})(?:\/(?<key>.*))?)?$/s;

/**
 * Reads the address of an object. As Flyte's own programs do, it takes the key as it stands: nothing is decoded.
 *
 * @returns `undefined` for anything else than `s3://bucket/key` or `gs://bucket/key`. A key that has `.` or `..` as a
 *   part, which HTTP addresses lose, is none, and neither is one with what would be a query.
 */
export function parseStoredObject(uri: string): StoredObject | undefined {
  const { scheme, bucket, key = "" } = placePattern.exec(uri)?.groups ?? {};
  if (scheme === undefined || bucket === undefined || key === "" || !isPlainKey(key)) return undefined;
  // The pattern knows only these two.
  return { scheme: scheme as StoreScheme, bucket, key };
}

/** Whether a string names a place that can be allowed: a bucket, a prefix in one, or with `s3://` or `gs://` every bucket. */
export function isStorePlace(text: string): boolean {
  const { scheme, key = "" } = placePattern.exec(text)?.groups ?? {};
  return scheme !== undefined && isPlainKey(key);
}

/** Whether an object lies in one of these places. A prefix ends where a part of the key does. */
export function isWithin({ scheme, bucket, key }: StoredObject, places: readonly string[]): boolean {
  const path = `${scheme}://${bucket}/${key}`;
  return places.some((place) => path.startsWith(place.endsWith("/") ? place : `${place}/`));
}

function isPlainKey(key: string): boolean {
  return key.isWellFormed() && !/[?#\0]/.test(key) && !key.split("/").some((part) => part === "." || part === "..");
}
