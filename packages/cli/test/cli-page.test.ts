import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { expect, it } from "vitest";
import { createProgram } from "../dist/create-program.js";
import { createTerminal } from "../dist/print/terminal.js";

const program = createProgram(createTerminal(process.stdout, process.stderr), () => {});
const page = await readFile(new URL("../../../docs/cli.md", import.meta.url), "utf8");
const [preface = "", ...sections] = page.split(/^## /m);

function flagsOf(command: Command): string[] {
  return command.options.flatMap(({ long }) => long ?? []);
}

function flagsIn(text: string): string[] {
  return [...text.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag = ""]) => flag);
}

it("has a section for every command, and no other", () => {
  const titles = sections.flatMap((section) => /^`([a-z]+)/.exec(section)?.[1] ?? []);
  expect(new Set(titles)).toEqual(new Set(program.commands.map((command) => command.name())));
});

it.each(["serve", "list", "run"])("names every flag of %s, and no other", (name) => {
  const command = program.commands.find((candidate) => candidate.name() === name);
  const section = sections.find((text) => text.startsWith(`\`${name}`)) ?? "";
  const named = [...flagsIn(preface), ...flagsIn(section)];
  expect(new Set(named)).toEqual(new Set(command === undefined ? [] : flagsOf(command)));
});

it("names every flag of literal, which needs no plugins, and no other", () => {
  const command = program.commands.find((candidate) => candidate.name() === "literal");
  const section = sections.find((text) => text.startsWith("`literal")) ?? "";
  expect(flagsIn(section)).toEqual(command === undefined ? [] : flagsOf(command));
});

it("says of why and doctor what they share with the others", () => {
  const [serve, why, doctor] = ["serve", "why", "doctor"].map((name) =>
    program.commands.find((command) => command.name() === name),
  );
  const own = ["--strict", "--timeout", "--worker"];
  expect(new Set(why === undefined ? [] : flagsOf(why))).toEqual(new Set(flagsIn(preface)));
  const section = sections.find((text) => text.startsWith("`doctor")) ?? "";
  expect(doctor === undefined ? [] : flagsOf(doctor)).toEqual([
    ...(serve === undefined ? [] : flagsOf(serve).filter((flag) => !own.includes(flag))),
    ...flagsIn(section),
  ]);
});
