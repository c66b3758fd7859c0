/** Spells flags with dashes where they came with underscores (`--prometheus_port`, as flytekit has it). */
export function dashedFlags(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return args.map((arg, index) =>
    end >= 0 && index >= end ? arg : arg.replace(/^--[^=]+/, (flag) => flag.replaceAll("_", "-")),
  );
}
