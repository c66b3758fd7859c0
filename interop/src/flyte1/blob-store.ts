import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where propeller keeps inputs and outputs. */
export interface BlobStore {
  /** `storage` of its configuration. */
  readonly storage: object;
  /** Address that raw outputs are written below. */
  readonly rawOutputPrefix: string;
  /** Reads what is at an address that propeller wrote. */
  read(uri: string): Promise<Uint8Array>;
  write(uri: string, content: Uint8Array<ArrayBuffer>): Promise<void>;
}

const container = "flyte";

/** A folder. Its addresses are relative to it. */
export function folderStore(path: string): BlobStore {
  const fileOf = (uri: string): string => join(path, uri.replace(/^file:\/\//, ""));
  return {
    storage: { type: "local", container, stow: { kind: "local", config: { path } } },
    rawOutputPrefix: `file://${container}/raw`,
    read: (uri) => readFile(fileOf(uri)),
    write: (uri, content) => writeFile(fileOf(uri), content),
  };
}

/** An S3 server that also takes requests without a signature. */
export interface S3Address {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A bucket `flyte`, which has to be there: propeller would make it, and lose what it writes first. */
export function s3Store({ endpoint, accessKeyId, secretAccessKey }: S3Address): BlobStore {
  const config = {
    endpoint,
    region: "us-east-1",
    auth_type: "accesskey",
    access_key_id: accessKeyId,
    secret_key: secretAccessKey,
    disable_ssl: "true",
  };
  const send = async (method: string, uri: string, body?: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => {
    const init = { method, ...(body === undefined ? {} : { body }) };
    const response = await fetch(uri.replace("s3://", `${endpoint}/`), init);
    if (!response.ok) throw new Error(`${method} ${uri}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return {
    storage: { type: "stow", container, stow: { kind: "s3", config } },
    rawOutputPrefix: `s3://${container}/raw`,
    read: (uri) => send("GET", uri),
    async write(uri, content) {
      await send("PUT", uri, content);
    },
  };
}
