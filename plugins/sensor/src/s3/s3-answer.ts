/** What is used of an answer of S3. */
export interface S3Answer {
  readonly status: number;
  /** The region of the bucket, where S3 tells it. */
  readonly bucketRegion: string | undefined;
  /** Whether it describes an object: S3 gives each a tag. */
  readonly hasTag: boolean;
  /** The beginning of the body, `""` without one. */
  readonly body: string;
}

/** Errors and listings of one key are smaller by far. */
const mostBytes = 64 * 1024;

/** Reads an answer, and of its body no more than is needed. */
export async function readS3Answer(response: Response): Promise<S3Answer> {
  return {
    status: response.status,
    bucketRegion: response.headers.get("x-amz-bucket-region") ?? undefined,
    hasTag: response.headers.has("etag"),
    body: await readStart(response),
  };
}

/** S3's code of an error, for example `AccessDenied`; `undefined` if the answer has none (those to HEAD never have). */
export function errorCodeOf({ body }: S3Answer): string | undefined {
  return /<Code>\s*([A-Za-z0-9.]{1,64})\s*<\/Code>/.exec(body)?.[1];
}

/** S3's own words about an error. They can name accounts and roles: for the log only. */
export function errorMessageOf({ body }: S3Answer): string | undefined {
  return /<Message>([^<]{1,500})/.exec(body)?.[1];
}

/**
 * Whether a listing of at most one key has one.
 *
 * @returns `undefined` if the answer is no listing at all.
 */
export function listsSomething({ body }: S3Answer): boolean | undefined {
  return /<ListBucketResult[\s>/]/.test(body) ? /<Contents[\s>]/.test(body) : undefined;
}

async function readStart(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    sizeBytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (sizeBytes >= mostBytes) break;
  }
  return text;
}
