import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { signRequest } from "../dist/s3/sign-request.js";

/** The only key pair that s3rver knows. */
export const s3rverCredentials = {
  accessKeyId: "S3RVER",
  secretAccessKey: "S3RVER",
};

/** A real S3 server (s3rver) on a free port, with empty buckets. */
export interface TestS3 extends AsyncDisposable {
  readonly endpoint: string;
  put(bucket: string, key: string): Promise<void>;
}

export async function startS3({ buckets }: { buckets: readonly string[] }): Promise<TestS3> {
  const directory = await mkdtemp(join(tmpdir(), "sensor-s3-"));
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    configureBuckets: buckets.map((name) => ({ name })),
  });
  const { port } = await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    async put(bucket, key) {
      const path = key.split("/").map(encodeURIComponent).join("/");
      const url = new URL(`${endpoint}/${bucket}/${path}`);
      const headers = await signRequest(
        { method: "PUT", url },
        { credentials: s3rverCredentials, region: "us-east-1" },
      );
      const { status } = await fetch(url, { method: "PUT", headers });
      if (status !== 200) throw new Error(`s3rver refused to store ${key}: ${status}`);
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
