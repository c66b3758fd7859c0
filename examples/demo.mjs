/**
 * Runs a file sensor and a webhook task to their end: on the server at localhost:8000 if one runs there and serves
 * them, else within the command itself. `npm run demo`, or `npm run demo -- --endpoint host:port`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values } = parseArgs({ options: { endpoint: { type: "string" } } });
const endpoint =
  values.endpoint ?? ((await serves("localhost:8000", ["sensor", "webhook"])) ? "localhost:8000" : undefined);
console.log(
  endpoint === undefined ? "no server runs on port 8000: the tasks run here" : `the tasks run on ${endpoint}`,
);

const directory = await mkdtemp(join(tmpdir(), "flyte-agent-demo-"));
const receiver = createServer(answer).listen(0, "localhost");
try {
  await once(receiver, "listening");
  const file = join(directory, "data.csv");

  console.log(`\n1. A sensor waits for ${file}, which comes in two seconds`);
  const [sensor] = await Promise.all([run("file-sensor.yaml", `path=${file}`), appear(file)]);

  const address = `http://localhost:${receiver.address().port}/hooks`;
  console.log(`\n2. A webhook posts to ${address}, where this demo listens`);
  const webhook = await run("webhook.yaml", `address=${address}`, "count=42");

  const ok = sensor === 0 && webhook === 0;
  console.log(ok ? "\nboth tasks succeeded" : "\na task failed");
  process.exitCode = ok ? 0 : 1;
} finally {
  receiver.close();
  await rm(directory, { recursive: true, force: true });
}

/** Runs a task with the command; resolves to its exit code. */
async function run(taskFile, ...inputs) {
  const flags = [
    ...inputs.flatMap((input) => ["--input", input]),
    ...(endpoint === undefined ? [] : ["--endpoint", endpoint]),
  ];
  console.log(`   flyte-agent run examples/${taskFile} ${flags.join(" ")}\n`);
  const command = join(here, "../packages/cli/bin/flyte-agent.mjs");
  const child = spawn(process.execPath, [command, "run", join(here, taskFile), ...flags], {
    // The directory whose package.json names the plugins.
    cwd: join(here, ".."),
    stdio: "inherit",
  });
  const [code] = await once(child, "exit");
  return code;
}

async function appear(file) {
  await delay(2000);
  await writeFile(file, "a,b\n1,2\n");
}

/** What the webhook calls. */
async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  console.log(`   received: ${request.method} ${request.url} ${Buffer.concat(chunks)}`);
  response.end("thank you");
}

/** Whether a server of agents answers there and serves these task types. */
async function serves(address, taskTypes) {
  try {
    const response = await fetch(`http://${address}/flyteagent.runtime.v1.RuntimeService/ListPlugins`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(2000),
    });
    const { plugins = [] } = await response.json();
    const ready = plugins.filter(({ state }) => state === "PLUGIN_STATE_READY");
    const served = ready.flatMap(({ agents = [] }) => agents.map(({ taskType }) => taskType));
    return taskTypes.every((taskType) => served.includes(taskType));
  } catch {
    return false;
  }
}
