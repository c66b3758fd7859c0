/**
 * Reads and writes the same literals with the SDK and with flytekit in one run, and prints a table.
 *
 *     node src/literals/main.ts [--rounds 5] [--only CELL]
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Figures, loadCell } from "./cell.ts";
import { flytekitVersion, installFlytekit } from "./flytekit.ts";
import { measureMsgpack, measureProtobuf, measureSdk } from "./measure-sides.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" }, only: { type: "string" } } });
const rounds = Number(values.rounds);

const folder = mkdtempSync(join(tmpdir(), "flyte-agent-bench-"));
try {
  const flytekit = installFlytekit();
  flytekit.make(folder);
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".literals.pb"))
    .map((file) => file.slice(0, -".literals.pb".length))
    .filter((name) => values.only === undefined || name === values.only);
  const python = flytekit.measure(folder, rounds);

  console.log(
    `CPU milliseconds, the least of ${rounds} rounds; Node ${process.version}, flytekit ${flytekitVersion}\n`,
  );
  console.log("| cell | direction | flytekit | SDK | times as fast | protobuf-es alone | msgpack alone |");
  console.log("|---|---|---:|---:|---:|---:|---:|");
  for (const name of names) {
    const cell = loadCell(folder, name);
    const sdk = measureSdk(cell, rounds);
    const protobuf = measureProtobuf(cell, rounds);
    const msgpack = measureMsgpack(cell, rounds);
    for (const direction of ["read", "write"] as const) {
      const of = (figures: Figures | undefined): number | undefined => figures?.[`${direction}Ms`];
      const slow = of(python[name]);
      const fast = of(sdk);
      const ratio = slow === undefined || fast === undefined ? "" : (slow / fast).toFixed(0);
      console.log(
        `| ${name} | ${direction} | ${text(slow)} | ${text(fast)} | ${ratio} | ${text(of(protobuf))} | ${text(of(msgpack))} |`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

function text(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "–";
  return milliseconds < 1 ? milliseconds.toFixed(4) : milliseconds.toFixed(1);
}
