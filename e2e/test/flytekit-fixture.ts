import { readFile } from "node:fs/promises";

/** What flytekit sent in one call, and what its own server made of it. See `interop/README.md`. */
export interface FlytekitFixture {
  /** `flyteidl.core.TaskTemplate` */
  readonly template: Uint8Array;
  /** `flyteidl.core.LiteralMap` */
  readonly inputs: Uint8Array;
}

/** A webhook that flytekit's server has run. */
export interface WebhookFixture extends FlytekitFixture {
  /** The HTTP requests that it made. */
  readonly requests: readonly RecordedRequest[];
  /** Its answer, a `flyteidl.admin.Resource`. */
  readonly resource: Uint8Array;
}

/** An HTTP request as its receiver saw it. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** With lower-case names; of flytekit's own requests only those that the task asks for. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** A sensor that flytekit's server has created. */
export interface SensorFixture extends FlytekitFixture {
  /** The job that it wrote, `resource_meta`. */
  readonly job: Uint8Array;
}

/** Where the webhooks of the fixtures go, if the inputs are left as they are. */
export const fixtureAddress = "http://127.0.0.1:48321";

/** Reads the fixture of a webhook by the name of its folder. */
export async function readWebhookFixture(name: string): Promise<WebhookFixture> {
  const about = JSON.parse(new TextDecoder().decode(await read(name, "about.json")));
  return { ...(await readCall(name)), requests: about.requests, resource: await read(name, "resource.pb") };
}

/** Reads the fixture of a sensor by the name of its folder. */
export async function readSensorFixture(name: string): Promise<SensorFixture> {
  return { ...(await readCall(name)), job: await read(name, "resource-meta.bin") };
}

async function readCall(name: string): Promise<FlytekitFixture> {
  return { template: await read(name, "task-template.pb"), inputs: await read(name, "inputs.pb") };
}

function read(name: string, file: string): Promise<Uint8Array> {
  return readFile(new URL(`../../interop/fixtures/flytekit-1.16.31/${name}/${file}`, import.meta.url));
}
