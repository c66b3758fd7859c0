import { restartNode } from "./process/restart-node.ts";

// Before anything else is imported: a restart costs only what came before it.
restartNode(process);

const { quietWarnings } = await import("./process/quiet-warnings.ts");
quietWarnings();

const { runCommand } = await import("./run-command.ts");
const { createTerminal } = await import("./print/terminal.ts");

// Whoever reads may go away (`flyte-agent list | head`); that is no error of ours.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const exitCode = await runCommand(process.argv.slice(2), createTerminal(process.stdout, process.stderr));
// Standard output of a server may stall for good; what `list` prints may wait for a person who reads it page by page.
const patienceMs = process.argv[2] === "serve" ? 2000 : undefined;
if (patienceMs !== undefined) setTimeout(() => process.exit(exitCode), patienceMs);
// What a plugin left open (a timer, a connection) must not keep the process alive. Output first: pipes may be slow.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))));
process.exit(exitCode);
