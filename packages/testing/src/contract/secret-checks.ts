import { Buffer } from "node:buffer";
import type { ContractBench } from "./contract-bench.ts";
import type { ContractCheck } from "./contract-check.ts";
import { taskRefusalOf } from "./task-refusal.ts";
import { violation } from "./violation.ts";

/** Flyte stores jobs, shows messages, and logs both. */
export const secretChecks: readonly ContractCheck[] = [
  {
    name: "keeps secrets out of jobs, answers, errors and logs",
    kinds: ["async", "sensor", "sync"],
    needs: ["secrets"],
    async check(bench) {
      const said = new Map<string, string>();
      for (const [place, text] of await conversation(bench)) said.set(place, text);
      // The server conceals what it recognises, which hides the plugin's mistake from Flyte but not from its author.
      if (bench.server.host.logRecords.some((record) => "concealed_in" in record)) {
        throw violation("a secret is in an error text or a message, where the server had to conceal it");
      }
      said.set("the log", JSON.stringify(bench.server.host.logRecords));
      for (const [name, secret] of Object.entries(bench.subject.secrets ?? {})) {
        if (secret.length < shortestSecret) {
          throw new Error(`secret "${name}" has ${secret.length} characters: give the test a longer one`);
        }
        for (const [place, text] of said) {
          const form = formsOf(secret).find(([, needle]) => text.includes(needle));
          if (form !== undefined) throw violation(`secret "${name}" is in ${place}${form[0]}`);
        }
      }
    },
  },
];

/** Shorter ones are found anywhere. */
const shortestSecret = 6;

/** Everything that is said of a task in its life, and of one that goes wrong. */
async function conversation(bench: ContractBench): Promise<readonly (readonly [string, string])[]> {
  const { agent, task, server } = bench;
  const said: (readonly [string, string])[] = [];
  const bad = await taskRefusalOf(bench.start(server, { ...task, custom: {}, inputs: {} }, { execution: {} }));
  said.push(["the error text of a task that cannot be run", bad?.text ?? ""]);
  if (agent.kind === "sync") return [...said, ["the answer", await answerOrError(bench.run())]];

  const job = await bench.create();
  said.push(["the job", Buffer.from(job.bytes).toString("utf8")]);
  said.push(["the first answer", await answerOrError(bench.get(job.bytes))]);
  said.push(["the last answer", await answerOrError(bench.untilEnded(job))]);
  said.push(["what delete says", await answerOrError(bench.delete(job.bytes))]);
  said.push(["the answer for a deleted job", await answerOrError(bench.get(job.bytes))]);
  return said;
}

// Whether the call should have failed is the business of other checks.
async function answerOrError(call: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify([await call], withBigints);
  } catch (reason) {
    return String(reason);
  }
}

/** A secret and the usual ways to write it, each with the words for it. */
function formsOf(secret: string): readonly (readonly [string, string])[] {
  // In base64 a string looks differently at each of three places: it may follow a user name, as in HTTP's basic auth.
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${" ".repeat(before)}${secret}`).toString("base64url");
    const skipped = before === 0 ? 0 : before + 1;
    const bits = (before + Buffer.byteLength(secret)) * 8;
    return encoded.slice(skipped, Math.floor(bits / 6));
  });
  return [
    ["", secret],
    [", as JSON text", JSON.stringify(secret).slice(1, -1)],
    [", percent-encoded", encodeURIComponent(secret)],
    ...formsInUrl(secret).map((text) => [", as it stands in a url", text] as const),
    [", in hexadecimal digits", Buffer.from(secret).toString("hex")],
    ...base64.flatMap((text) => [
      [", in base64", text] as const,
      [", in base64", text.replaceAll("-", "+").replaceAll("_", "/")] as const,
    ]),
  ];
}

/** A secret as `new URL` writes it in the path, the query and the user part, which encode differently. */
function formsInUrl(secret: string): readonly string[] {
  // The letters around keep dots and spaces from being taken for something else.
  const path = URL.parse(`http://host/x${secret}x`)?.href.slice("http://host/x".length, -1);
  const query = URL.parse(`http://host/?x${secret}x`)?.href.slice("http://host/?x".length, -1);
  const user = new URL("http://host/");
  user.password = secret;
  return [path ?? secret, query ?? secret, user.password];
}

function withBigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
