import fc from "fast-check";
import { expect, test } from "vitest";
import { signS3Request } from "../../dist/stores/sign-s3-request.js";
import { signed } from "../fixtures/start-s3.ts";

test("signs as AWS's own package does", async () => {
  const nothing = new Uint8Array();
  const path = fc
    .array(fc.string(), { minLength: 1, maxLength: 4 })
    .map((parts) =>
      parts
        .map((part) =>
          encodeURIComponent(part.toWellFormed()).replace(
            /[!'()*]/g,
            (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
          ),
        )
        .join("/"),
    );
  const token = fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,50}$/), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      path,
      token,
      fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
      async (path, sessionToken, at) => {
        const url = new URL(`http://bucket.localhost:9000/bucket/${path}`);
        const credentials = {
          accessKeyId: "AKIAIOSFODNN7EXAMPLE",
          secretAccessKey: "wJalrXUtnFEMI/K7MDENG",
          ...(sessionToken === undefined ? {} : { sessionToken }),
        };
        const theirs = await signed("GET", url, nothing, credentials, { region: "eu-west-3", at });
        expect(signS3Request(url, { credentials, region: "eu-west-3", at })).toEqual(theirs);
      },
    ),
  );
});
