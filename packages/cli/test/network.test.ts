import { describe, expect, it } from "vitest";
import { runCommand, startServe } from "./command.ts";
import { createProject, type Project } from "./project.ts";
import { startVendorBehindProxy } from "./vendor-behind-proxy.ts";

const manifest = { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: "ask", mode: "sync", agent: "Asker" }] };

/** A plugin whose agent asks `custom.url` with both of Node's clients. */
const source = `
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { definePlugin, defineSyncAgent, networkReason, succeeded, vendorUnavailable } from "@flyte-agent/sdk";

const clients = {
  fetch: async (url) => (await fetch(url)).text(),
  node: (url) => new Promise((resolve, reject) => {
    const get = url.startsWith("https:") ? getHttps : getHttp;
    get(url, (answer) => answer.setEncoding("utf8").on("data", resolve)).on("error", reject);
  }),
};
export default definePlugin({
  setup: () => [
    defineSyncAgent({
      name: "Asker",
      taskType: "ask",
      async do({ custom }) {
        try {
          return succeeded({ outputs: { answer: await clients[custom.client ?? "fetch"](custom.url) } });
        } catch (error) {
          throw vendorUnavailable("the vendor cannot be reached (" + networkReason(error) + ")", { cause: error });
        }
      },
    }),
  ],
});
`;

async function askProject(): Promise<Project> {
  const project = await createProject(["flyte-agent-ask"]);
  await project.addPlugin("flyte-agent-ask", { manifest, source });
  return project;
}

function ask(project: Project, custom: Readonly<Record<string, unknown>>): Promise<string> {
  const type = { simple: "STRING" };
  const task = { type: "ask", interface: { outputs: { variables: { answer: { type } } } }, custom };
  return project.write("task.json", JSON.stringify(task));
}

/** An environment without what this machine itself may have set. */
const bare = {
  ...Object.fromEntries(
    ["SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"].map((name) => [
      name,
      "",
    ]),
  ),
  ...Object.fromEntries(
    ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"].map((name) => [name, ""]),
  ),
};
const url = "https://vendor.test/data";

describe("run", () => {
  it.each([
    ["HTTPS_PROXY", "AWS_CA_BUNDLE", "fetch"],
    ["https_proxy", "SSL_CERT_FILE", "node"],
    ["HTTPS_PROXY", "REQUESTS_CA_BUNDLE", "node"],
    ["https_proxy", "CURL_CA_BUNDLE", "fetch"],
  ])("goes through the proxy of %s and trusts the authority of %s (%s)", async (proxy, authority, client) => {
    await using project = await askProject();
    await using vendor = await startVendorBehindProxy();
    const env = { ...bare, [proxy]: vendor.proxyUrl, [authority]: vendor.authorityFile };
    const { code, stdout, stderr } = await runCommand(
      project.directory,
      ["run", await ask(project, { url, client })],
      env,
    );
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: "answer: the vendor's answer\n" });
    expect(vendor.asked).toEqual(["vendor.test:443"]);
  });

  it("says why a vendor cannot be reached", async () => {
    await using project = await askProject();
    await using vendor = await startVendorBehindProxy();
    const proxied = { ...bare, HTTPS_PROXY: vendor.proxyUrl };
    for (const [env, address, told] of [
      [bare, url, /cannot be reached \((ENOTFOUND: its name was not found in the DNS|EAI_AGAIN: .*)\)/],
      [
        proxied,
        url,
        /\(UNABLE_TO_\w+: .*an authority that is not trusted here; SSL_CERT_FILE can name a file with it\)/,
      ],
      [proxied, "https://other.test/", /\(the proxy answers 403\)/],
      [bare, "http://127.0.0.1:2/", /\(ECONNREFUSED: nothing listens there\)/],
    ] as const) {
      const { code, stderr } = await runCommand(project.directory, ["run", await ask(project, { url: address })], env);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(told) });
    }
  });
});

describe("serve", () => {
  it("goes through the proxy, but not to this machine", async () => {
    await using project = await askProject();
    await using vendor = await startVendorBehindProxy();
    const env = {
      ...bare,
      HTTPS_PROXY: vendor.proxyUrl,
      HTTP_PROXY: vendor.proxyUrl,
      SSL_CERT_FILE: vendor.authorityFile,
    };
    await using server = await startServe(project.directory, [], env);
    const [, metricsPort] = await server.printed(/"metrics_port":(\d+)/);
    const here = ["--endpoint", `localhost:${server.port}`];
    for (const client of ["fetch", "node"]) {
      const far = await runCommand(project.directory, ["run", await ask(project, { url, client }), ...here]);
      expect(far).toMatchObject({ code: 0, stdout: "answer: the vendor's answer\n" });
      const near = await ask(project, { url: `http://localhost:${metricsPort}/`, client });
      expect(await runCommand(project.directory, ["run", near, ...here])).toMatchObject({ code: 0 });
    }
    expect(vendor.asked).toEqual(["vendor.test:443", "vendor.test:443"]);
  });

  it("warns of what it cannot use, and so does doctor", async () => {
    await using project = await askProject();
    const missing = { ...bare, SSL_CERT_FILE: "/nowhere/ca.pem" };
    const unread = "the authorities that SSL_CERT_FILE names are not trusted: /nowhere/ca.pem: ENOENT";
    await using server = await startServe(project.directory, [], missing);
    await server.printed(new RegExp(unread));
    const noCertificate = { ...bare, AWS_CA_BUNDLE: await project.write("empty.pem", "") };
    const free = ["doctor", "--port", "0", "--prometheus-port", "0"];
    const doctor = await runCommand(project.directory, free, noCertificate);
    expect(doctor).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/AWS_CA_BUNDLE[\s\S]*holds no certificate/),
    });

    const unused = { ...bare, HTTPS_PROXY: "http://127.0.0.1:1", FLYTE_AGENT_NO_REEXEC: "1" };
    await using plain = await startServe(project.directory, [], unused);
    await plain.printed(/HTTPS_PROXY is set and not used: set NODE_USE_ENV_PROXY=1, too/);
    const found = await runCommand(project.directory, free, unused);
    expect(found).toMatchObject({ code: 1, stdout: expect.stringMatching(/HTTPS_PROXY is set and not used/) });
    const { FLYTE_AGENT_NO_REEXEC: _, ...used } = unused;
    expect((await runCommand(project.directory, free, used)).stdout).not.toContain("HTTPS_PROXY");
  });
});
