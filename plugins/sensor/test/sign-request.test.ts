import { expect, it } from "vitest";
import { signRequest } from "../dist/s3/sign-request.js";

// The examples of Amazon's own documentation:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const example = {
  credentials: {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  },
  region: "us-east-1",
  at: new Date("2013-05-24T00:00:00Z"),
};

it.each([
  ["?max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"],
  ["?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"],
])("signs GET %s as Amazon's documentation does", async (query, signature) => {
  const url = new URL(`https://examplebucket.s3.amazonaws.com/${query}`);
  const headers = await signRequest({ method: "GET", url }, example);
  expect(headers).toEqual({
    "x-amz-date": "20130524T000000Z",
    "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
      `SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
  });
});

it("sends the token of a session", async () => {
  const url = new URL("https://examplebucket.s3.amazonaws.com/");
  const credentials = { ...example.credentials, sessionToken: "token" };
  const headers = await signRequest({ method: "GET", url }, { ...example, credentials });
  expect(headers).toMatchObject({
    "x-amz-security-token": "token",
    authorization: expect.stringContaining("x-amz-security-token"),
  });
});
