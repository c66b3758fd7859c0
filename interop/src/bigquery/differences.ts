import type { KnownDifference } from "./judge-differences.ts";

const any = /^/;
const typeError = /^Internal: TypeError: not all arguments converted during string formatting\.$/;

/** Every difference that is meant, with its reason. The suite fails on any other one, and on one that is no more. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    name: "labels",
    reason: "Our jobs carry the execution as labels, for the bill and for searching.",
    facts: [{ cases: any, fact: /^sent labels$/, theirs: /^none$/, ours: /^some$/ }],
  },
  {
    name: "custom info",
    reason: "We tell costs and statistics.",
    facts: [{ cases: any, fact: / custom info$/, theirs: /^none$/, ours: /^some$/ }],
  },
  {
    name: "link while waiting",
    reason: "Our link is shown while the job waits, too.",
    facts: [{ cases: any, fact: / link 1 ShowWhilePending$/, theirs: /^-$/, ours: /^true$/ }],
  },
  {
    name: "one job per attempt",
    reason: "Flyte repeats creates, and each one of Python's runs the query again.",
    facts: [{ cases: /^create\/ten at once/, fact: /^jobs$/, theirs: /^10$/, ours: /^1$/ }],
  },
  {
    name: "location",
    reason:
      "Job and link name the location in which BigQuery runs the job; Python's say none, and it finds such a job again only in US and EU.",
    facts: [
      {
        cases: /without-location|^place\//,
        fact: /^job$/,
        theirs: /"location":null/,
        ours: /"location":"(US|EU|europe-west1)"/,
      },
      {
        cases: /without-location|without location|^place\//,
        fact: /^\w+( 1)? link 1 uri$/,
        theirs: /&j=bq:None:/,
        ours: /&j=bq:(US|EU|europe-west1):/,
      },
      {
        cases: /^place\/found by BigQuery, in a region/,
        fact: /^(poll 1|delete)$/,
        theirs: /^Internal: .*404 \w+ … Not found: Job/,
        ours: /^(SUCCEEDED: DONE|OK)$/,
      },
    ],
  },
  {
    name: "lost location",
    reason:
      "BigQuery finds a job of Python's without location in US and EU only. We say so, where Python answers errors for ever; nobody can cancel it.",
    facts: [
      {
        cases: /^handover\/of theirs: without location, in a region/,
        fact: /^(PENDING|RUNNING|DONE)$/,
        theirs: /^Internal: .*404 GET … Not found: Job/,
        ours: /^FAILED: .*Not found: Job/,
      },
      {
        cases: /^handover\/of theirs: without location, in a region/,
        fact: /^delete by the other$/,
        theirs: /^OK, cancelled$/,
        ours: /^OK, still there$/,
      },
    ],
  },
  {
    name: "unknown jobs",
    reason:
      "A job that BigQuery does not know has failed, and there is nothing to delete; an error would be asked again.",
    facts: [
      {
        cases: /^state\/gone/,
        fact: /^(poll 1|delete)$/,
        theirs: /^Internal: .*404 (GET|POST) … Not found: Job/,
        ours: /^(FAILED: BigQuery does not know the job: Not found: Job .*|OK)$/,
      },
    ],
  },
  {
    name: "QueryJobConfig",
    reason: "It is honoured, with its parameters and their types for inputs of the same name.",
    facts: [
      {
        cases: /^query\/job-config/,
        fact: /^(sent config|poll 1 outputs)$/,
        theirs: /^none$|<anonymous>/,
        ours: /orders_daily/,
      },
      {
        cases: /^query\/config-parameters/,
        fact: /^sent parameters$/,
        theirs: /"name":"at","parameterType":\{"type":"DATETIME"\},"parameterValue":\{"value":"[^"]*"\}\}\]$/,
        ours: /"name":"at","parameterType":\{"type":"TIMESTAMP"\}.*"name":"b","parameterType":\{"arrayType":/,
      },
      {
        // Python's query lacks a parameter.
        cases: /^query\/config-parameters/,
        fact: /^(rows|poll 1( message| outputs)?)$/,
        theirs: /^(-|none|FAILED|Internal: TypeError: .*|\[\{'reason': 'invalidQuery'.*)$/,
        ours: /^(.*"1767268800000000".*|SUCCEEDED(: DONE)?|DONE|.*<anonymous>.*)$/,
      },
    ],
  },
  {
    name: "types of inputs",
    reason:
      "Python's connectors know five types; we know all that SQL has, and say of any other one which input it is.",
    facts: [
      {
        cases:
          /^query\/(dataclass|durations|empty-lists|enum|list-of-dataclass|lists|map|optional|pydantic|union|untyped-dict)/,
        fact: /^create$/,
        theirs: /^Internal: (KeyError: )?(<class|<enum|typing\.)/,
        ours: /^OK, then SUCCEEDED: DONE$/,
      },
      {
        cases: /^query\/(bytes|file|nested-list)/,
        fact: /^create$/,
        theirs: /^Internal: (KeyError: |TypeTransformerFailedError: )?./,
        ours: /^OK, then FAILED: input "\w+": .* \[invalid_input\]$/,
      },
    ],
  },
  {
    name: "refusals",
    reason:
      "What BigQuery refuses fails for good at the first poll; an error of CreateTask uses up the task's retries.",
    facts: [
      {
        cases: /^(query\/(syntax-error|unknown-table)|refused\/)/,
        fact: /^create$/,
        theirs: /^Internal: (\w+: )?40[034] POST … /,
        ours: /^OK, then FAILED: .* \((invalidQuery|notFound|accessDenied)\) \[vendor_refused\]$/,
      },
    ],
  },
  {
    name: "flytekit's log line",
    reason: "flytekit's connector trips over its own log line wherever a job has errors or warnings.",
    facts: [
      {
        cases: /^(state\/|query\/division-by-zero|config ignored\/config-parameters).*\(Flyte 1\)$/,
        fact: /^(poll \d|after delete)$/,
        theirs: typeError,
        ours: /^(FAILED|RETRYABLE_FAILED|SUCCEEDED|RUNNING): |^-$/,
      },
    ],
  },
  {
    name: "warnings",
    reason: "A warning is no failure.",
    facts: [
      {
        cases: /^state\/warning.*\(Flyte 2\)$/,
        fact: /^poll [12]$/,
        theirs: /^(FAILED|-)$/,
        ours: /^(RUNNING|SUCCEEDED)$/,
      },
      {
        cases: /^state\/warning.*\(Flyte 2\)$/,
        fact: /^poll [12] message$/,
        theirs: /^(\[\{'reason': 'invalid', .*|-)$/,
        ours: /^(RUNNING|DONE)$/,
      },
      {
        // What comes after the end that Python has told.
        cases: /^state\/warning.*\(Flyte 2\)$/,
        fact: /^(poll \d (outputs|custom info|link 1 \w+)|rows)$/,
        theirs: /^(none|-)$/,
        ours: /./,
      },
      {
        // Python's job is deleted while it runs.
        cases: /^state\/warning while running \(Flyte 2\)$/,
        fact: /^cancelled$/,
        theirs: /^true$/,
        ours: /^false$/,
      },
    ],
  },
  {
    name: "failures that pass",
    reason: "What may pass is worth a retry of the task.",
    facts: [
      {
        cases: /^state\/failed: (backendError|jobInternalError|quotaExceeded)/,
        fact: /^poll 1$/,
        theirs: /^FAILED$/,
        ours: /^RETRYABLE_FAILED$/,
      },
    ],
  },
  {
    name: "words of failures",
    reason: "BigQuery's own words, with the SQL at the place that they name, instead of a Python list.",
    facts: [
      {
        cases:
          /^(state\/(failed|unknown|deleted)|query\/division-by-zero|config ignored\/config-parameters).*\(Flyte 2\)$/,
        fact: /^(poll 1|after delete) message$/,
        theirs: /^\[\{'reason': /,
        ours: /^[^[{].* \(\w+(, near: .*)?\)$/,
      },
    ],
  },
  {
    name: "no table",
    reason:
      "A statement without a table gives an empty address: Flyte would look for a missing output in a file, and fail.",
    facts: [
      {
        cases: /^(query\/results-without-table|state\/script)/,
        fact: /^poll 1 outputs$/,
        theirs: /^none$/,
        ours: /^\{"results":""\}$/,
      },
    ],
  },
  {
    name: "no outputs",
    reason: "They are said as such, which means the same where a task declares none.",
    facts: [{ cases: /^query\/without-results/, fact: /^poll 1 outputs$/, theirs: /^none$/, ours: /^\{\}$/ }],
  },
  {
    name: "answers in time",
    reason: "We answer with what is known: Flyte gives a job up at the sixth error.",
    facts: [
      {
        cases: /^fault\/get: (500 for ever|no answer)/,
        fact: /^poll 1$/,
        theirs: /^DeadlineExceeded: /,
        ours: /^RUNNING: BigQuery (answers HTTP 500|did not answer)/,
      },
    ],
  },
  {
    name: "calls beside each other",
    reason: "A call that hangs blocks no other; flyte-sdk's connector blocks its whole server.",
    facts: [
      {
        cases: /^fault\/get: (500 for ever|no answer).*\(Flyte 2\)$/,
        fact: /^delete$/,
        theirs: /^DeadlineExceeded: /,
        ours: /^OK$/,
      },
    ],
  },
];
