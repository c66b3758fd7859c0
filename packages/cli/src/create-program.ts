import { type ConfigFlags, defaultConfig, flagProperty, type Setting, settings } from "@flyte-agent/runtime";
import { Command, Option } from "commander";
import { examplesOf } from "./arguments/examples.ts";
import { parseSeconds } from "./arguments/parse-seconds.ts";
import { doctor } from "./commands/doctor.ts";
import { list } from "./commands/list.ts";
import { literal } from "./commands/literal.ts";
import { run } from "./commands/run.ts";
import { printSchema, schemaNames } from "./commands/schema.ts";
import { serve } from "./commands/serve.ts";
import { why } from "./commands/why.ts";
import { parseEndpoint } from "./endpoint/parse-endpoint.ts";
import type { PlanFlags } from "./plan/load-plan.ts";
import type { Terminal } from "./print/terminal.ts";
import { ownVersion } from "./process/own-version.ts";

/** What commander gives an action: the values of the flags by their names in camel case. */
type Flags = Readonly<Record<string, unknown>>;

/**
 * Makes the command line: what there is to type, and nothing of what it does.
 *
 * @param exit told the exit code of the command that ran.
 */
export function createProgram(terminal: Terminal, exit: (code: number) => void): Command {
  const program = new Command("flyte-agent")
    .description("Serves Flyte agents (connectors): the task types of the plugins that are installed here.")
    .version(ownVersion(), "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({ writeOut: terminal.out.write, writeErr: terminal.err.write })
    .showHelpAfterError("(see flyte-agent --help)");

  const serving = program.command("serve").description("serve the agents of the installed plugins");
  planFlags(serving);
  settingFlags(serving, settings);
  serving
    .option("--strict", "do not start if a plugin cannot be loaded (the same as --plugins-on-failure abort)")
    .option("--timeout <seconds>", "stop after this time", parseSeconds)
    .option("--worker <count>", "accepted for compatibility with pyflyte; has no effect")
    .action(async (flags: Flags) => {
      const strict = flags.strict === true ? { pluginsOnFailure: "abort" } : {};
      const plan = planFlagsOf(flags);
      exit(
        await serve(
          {
            ...plan,
            settings: { ...plan.settings, ...strict },
            timeoutMs: numberOf(flags.timeout),
            worker: textOf(flags.worker),
          },
          terminal,
        ),
      );
    });

  const listing = program.command("list").description("list the plugins, what they serve, and what is not served");
  planFlags(listing);
  settingFlags(listing, pluginSettings);
  listing
    .option("--all", "also what is installed without being active, or switched off")
    .option("--json", "print JSON")
    .addOption(endpointOption("ask this running server instead"))
    .action(async (flags: Flags) => {
      const { all, json, endpoint } = flags;
      exit(
        await list(
          { ...planFlagsOf(flags), all: all === true, json: json === true, endpoint: textOf(endpoint) },
          terminal,
        ),
      );
    });

  const asking = program
    .command("why")
    .description("explain why a package or task type is or is not served")
    .argument("<package or task type>", "a package, a plugin's id, a task type, or a task type with @version");
  planFlags(asking);
  settingFlags(asking, pluginSettings);
  asking.action(async (subject: string, flags: Flags) => {
    exit(await why({ ...planFlagsOf(flags), subject }, terminal));
  });

  const diagnosing = program.command("doctor").description("look for problems in what serve would do");
  planFlags(diagnosing);
  settingFlags(diagnosing, settings);
  diagnosing
    .option("--no-load", "run no code of plugins: their options and their set-up are not looked at")
    .option("--flyte", "print the configuration with which Flyte finds this server, in YAML")
    .option("--json", "print JSON")
    .action(async (flags: Flags) => {
      const { load, flyte, json } = flags;
      exit(
        await doctor(
          { ...planFlagsOf(flags), load: load !== false, flyte: flyte === true, json: json === true },
          terminal,
        ),
      );
    });

  const running = program
    .command("run")
    .description("run one task to its end, here or on a server")
    .argument("<file>", "the task: YAML or JSON, or a serialized TaskSpec or TaskTemplate");
  planFlags(running);
  settingFlags(running, pluginSettings);
  running
    .addOption(endpointOption("run it on this server instead of here"))
    .option("--inputs <file>", "inputs in plain values, YAML or JSON")
    .option(
      "--input <name=value>",
      "one input, in YAML; wins over --inputs and over the file of the task; may be repeated",
      collect,
    )
    .addOption(
      new Option("--flyte <generation>", "call as this generation of Flyte does").choices(["1", "2"]).default("1"),
    )
    .option("--output-prefix <uri>", "where the task may write outputs")
    .option("--timeout <seconds>", "stop the task after this time", parseSeconds)
    .option("--log-level <level>", "print the log of the agents that run here: debug, info, warn or error")
    .option("--json", "print the result as JSON")
    .action(async (file: string, flags: Flags) => {
      exit(
        await run(
          {
            ...planFlagsOf(flags),
            file,
            endpoint: textOf(flags.endpoint),
            inputsFile: textOf(flags.inputs),
            inputs: listOf(flags.input),
            flyte: flags.flyte === "2" ? 2 : 1,
            outputPrefix: textOf(flags.outputPrefix),
            timeoutMs: numberOf(flags.timeout),
            logLevel: textOf(flags.logLevel),
            json: flags.json === true,
          },
          terminal,
        ),
      );
    });

  program
    .command("literal")
    .description("print the JavaScript values of Flyte literals, and write them again from these")
    .argument("<file>", "JSON objects { name, type, literal }, one or one a line, with the encoded messages in base64")
    .addOption(
      new Option("--integers <form>", "hand out integers as numbers where they are safe, or always as bigint")
        .choices(["auto", "bigint"])
        .default("auto"),
    )
    .option("--out <file>", "write the rewritten literals to this file, one JSON object a line")
    .action(async (file: string, flags: Flags) => {
      const integers = flags.integers === "bigint" ? "bigint" : "auto";
      exit(await literal({ file, integers, outFile: textOf(flags.out) }, terminal));
    });

  program
    .command("schema")
    .description("print a JSON Schema")
    .argument("<name>", `which one: ${schemaNames.join(", ")}`)
    .action(async (name: string) => {
      await printSchema(name, terminal);
    });

  for (const command of program.commands) command.addHelpText("after", examplesOf(command.name()));
  for (const command of program.commands) command.showHelpAfterError(`(see flyte-agent ${command.name()} --help)`);
  return program;
}

const pluginSettings = settings.filter(({ path }) => path[0] === "plugins");

function planFlags(command: Command): void {
  command
    .option("--config <file>", "configuration file, instead of looking for flyte-agent.config.yaml and the like")
    .option("--modules <name>", "activate this package or directory too; may be repeated", collect);
}

function settingFlags(command: Command, known: readonly Setting[]): void {
  for (const { path, flag, kind, summary, choices } of known) {
    const value = choices === undefined ? kind : choices.join("|");
    const preset = presetText(path);
    command.option(`--${flag} <${value}>`, preset === "" ? summary : `${summary} (default: ${preset})`);
  }
}

/** A default as the help shows it; nothing where there is none. */
function presetText(path: readonly string[]): string {
  let value: unknown = defaultConfig;
  // What a path of the settings leads through are objects.
  for (const key of path) value = (value as Readonly<Record<string, unknown>> | undefined)?.[key];
  return value === undefined || (Array.isArray(value) && value.length === 0) ? "" : String(value);
}

function endpointOption(summary: string): Option {
  return new Option("--endpoint <address>", `${summary}: host:port, or https://host:port`).argParser(parseEndpoint);
}

function planFlagsOf(flags: Flags): PlanFlags {
  const config = textOf(flags.config);
  const values = settings.map((setting) => [flagProperty(setting), textOf(flags[flagProperty(setting)])] as const);
  const given: ConfigFlags = Object.fromEntries(values.filter(([, value]) => value !== undefined));
  return { ...(config === undefined ? {} : { config }), modules: listOf(flags.modules), settings: given };
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
