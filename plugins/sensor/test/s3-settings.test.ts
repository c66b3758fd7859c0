import { describe, expect, it } from "vitest";
import { s3Address } from "../dist/s3/s3-address.js";
import { resolveS3Settings } from "../dist/s3/s3-settings.js";

const defaults = { anonymous: false, timeoutMs: 8_000 };

describe("resolveS3Settings", () => {
  it("takes flytekit's variables before AWS's", () => {
    const settings = resolveS3Settings(defaults, {
      FLYTE_AWS_ENDPOINT: "http://minio:9000",
      FLYTE_AWS_ACCESS_KEY_ID: "id",
      FLYTE_AWS_SECRET_ACCESS_KEY: "secret",
      FLYTE_AWS_ADDRESSING_STYLE: "virtual",
      AWS_ENDPOINT_URL_S3: "http://s3",
      AWS_ENDPOINT_URL: "http://all",
      AWS_DEFAULT_REGION: "eu-central-1",
    });
    expect(settings).toMatchObject({
      endpoint: new URL("http://minio:9000"),
      credentials: { accessKeyId: "id", secretAccessKey: "secret" },
      addressingStyle: "virtual",
      region: "eu-central-1",
    });
  });

  it("takes the operator's options before any variable", () => {
    const settings = resolveS3Settings(
      {
        ...defaults,
        endpoint: "http://mine",
        region: "eu-west-1",
        addressingStyle: "path",
      },
      {
        FLYTE_AWS_ENDPOINT: "http://other",
        AWS_REGION: "us-west-1",
        FLYTE_AWS_ADDRESSING_STYLE: "virtual",
      },
    );
    expect(settings).toMatchObject({
      endpoint: new URL("http://mine"),
      region: "eu-west-1",
      addressingStyle: "path",
    });
  });

  it("takes an empty variable as none", () => {
    const settings = resolveS3Settings(defaults, {
      FLYTE_AWS_ENDPOINT: "",
      AWS_REGION: " ",
      FLYTE_AWS_ACCESS_KEY_ID: "",
    });
    expect(settings).toMatchObject({
      endpoint: undefined,
      region: undefined,
      credentials: undefined,
    });
  });

  it.each([
    ["FLYTE_AWS_ENDPOINT", "http://user:password@minio:9000"],
    ["AWS_ENDPOINT_URL", "minio:9000"],
    ["AWS_REGION", "evil.example.com/#"],
    ["FLYTE_AWS_ADDRESSING_STYLE", "dns"],
    ["FLYTE_AWS_ACCESS_KEY_ID", "without its secret"],
  ])("refuses a wrong %s without showing it", (name, value) => {
    const resolve = (): unknown => resolveS3Settings(defaults, { [name]: value });
    expect(resolve).toThrow(
      expect.objectContaining({
        code: "invalid_option",
        message: expect.stringContaining(name),
      }),
    );
    expect(resolve).not.toThrow(value);
  });
});

describe("s3Address", () => {
  it.each([
    ["AWS", undefined, "auto", "data", "https://data.s3.eu-west-1.amazonaws.com/a%20b/c%2B%21%27%28%29%2A"],
    ["AWS by path", undefined, "path", "data", "https://s3.eu-west-1.amazonaws.com/data/a%20b/c%2B%21%27%28%29%2A"],
    [
      "a bucket with dots",
      undefined,
      "auto",
      "my.data",
      "https://s3.eu-west-1.amazonaws.com/my.data/a%20b/c%2B%21%27%28%29%2A",
    ],
    ["an endpoint", "http://minio:9000", "auto", "data", "http://minio:9000/data/a%20b/c%2B%21%27%28%29%2A"],
    ["an endpoint below a path", "https://host/s3/", "auto", "data", "https://host/s3/data/a%20b/c%2B%21%27%28%29%2A"],
    ["an endpoint by name", "http://minio:9000", "virtual", "data", "http://data.minio:9000/a%20b/c%2B%21%27%28%29%2A"],
  ] as const)("addresses %s", (_, endpoint, addressingStyle, bucket, address) => {
    const settings = {
      endpoint: endpoint === undefined ? undefined : new URL(endpoint),
      addressingStyle,
    };
    expect(s3Address({ bucket, key: "a b/c+!'()*" }, "eu-west-1", settings).href).toBe(address);
  });

  it("addresses AWS in China", () => {
    const settings = { endpoint: undefined, addressingStyle: "auto" } as const;
    expect(s3Address({ bucket: "data", key: "k" }, "cn-north-1", settings).host).toBe(
      "data.s3.cn-north-1.amazonaws.com.cn",
    );
  });

  it("keeps what a query says", () => {
    const settings = { endpoint: undefined, addressingStyle: "auto" } as const;
    const url = s3Address({ bucket: "data", key: "", query: { prefix: "a&b=c d+e/" } }, "us-east-1", settings);
    expect(url.search).toBe("?prefix=a%26b%3Dc%20d%2Be%2F");
    expect(url.searchParams.get("prefix")).toBe("a&b=c d+e/");
  });
});
