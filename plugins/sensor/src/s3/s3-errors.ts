import { networkReason, vendorMisconfigured, vendorUnavailable } from "@flyte-agent/sdk";
import { errorCodeOf, errorMessageOf, type S3Answer } from "./s3-answer.ts";

/** S3 is overloaded or broken: HTTP 429 or 5xx. */
export function inTrouble(answer: S3Answer): Error {
  return vendorUnavailable(`S3 is in trouble (${summary(answer)})`, causeOf(answer));
}

/** S3 cannot be reached, or the connection broke. */
export function unreachable(cause: unknown): Error {
  return vendorUnavailable(`S3 cannot be reached (${networkReason(cause)})`, {
    cause,
  });
}

/** Whatever answered does not speak S3. */
export function notS3(answer: S3Answer): Error {
  return vendorMisconfigured(
    `what answers at the address of S3 is not S3 (${answer.status}). The operator should check s3.endpoint`,
  );
}

/** S3 does not let us look. Says who has to do what. */
export function refusal(answer: S3Answer, bucket: string): Error {
  return vendorMisconfigured(`${explain(answer, bucket)} (${summary(answer)})`, causeOf(answer));
}

function explain(answer: S3Answer, bucket: string): string {
  const code = errorCodeOf(answer) ?? "";
  if (["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"].includes(code)) {
    return "S3 does not accept the agent server's credentials; its operator must replace them";
  }
  if (code === "RequestTimeTooSkewed") return "the agent server's clock is wrong; its operator must set it";
  if (answer.status >= 300 && answer.status < 400) {
    return "S3 refers to another address; the operator should check s3.endpoint and s3.region";
  }
  if (answer.status !== 401 && answer.status !== 403) return "S3 does not accept the request";
  return (
    `S3 denies access. The agent server needs s3:GetObject on the object and s3:ListBucket on bucket "${bucket}": ` +
    "without s3:ListBucket S3 also denies what does not exist yet"
  );
}

function summary(answer: S3Answer): string {
  const code = errorCodeOf(answer);
  return code === undefined ? `HTTP ${answer.status}` : `HTTP ${answer.status} ${code}`;
}

function causeOf(answer: S3Answer): ErrorOptions {
  const message = errorMessageOf(answer);
  return message === undefined ? {} : { cause: new Error(message) };
}
