import type { CaseId, Difference, DifferentAnswer } from "./difference.ts";

/** Every difference that is meant. The suites fail on any other one, and on one that is no more. */
export const differences: readonly Difference[] = [
  {
    name: "exceptions",
    reason:
      "An exception stays in our log: its text and traceback may hold secrets. The caller gets a sentence with a code, and a status that says whose fault it is.",
    answers: [
      rpc("INTERNAL, the traceback", "INTERNAL, a sentence [plugin_failed]", [
        "flytekit/create/error: plain",
        "flytekit/create/error: lines",
        "flytekit/create/error: silent",
        "flytekit/create/error: long",
        "flytekit/create/without custom",
        "flytekit/delete/error: plain",
        "flytekit/delete/error: lines",
        "flytekit/delete/error: silent",
        "flytekit/delete/error: long",
        "flytekit/sync/error: plain",
        "flytekit/sync/error: lines",
        "flytekit/sync/error: silent",
        "flytekit/sync/error: long",
      ]),
      rpc("INTERNAL, the traceback", "INVALID_ARGUMENT, a sentence [invalid_input]", [
        "flytekit/get/error: user",
        "flytekit/delete/error: user",
      ]),
      rpc("INTERNAL, the traceback", "FAILED, a sentence [invalid_input]", ["flytekit/create/error: user"]),
      {
        theirs: { messages: "0", rpc: "INTERNAL, the traceback" },
        ours: { messages: "1", rpc: "FAILED, a sentence [invalid_input]" },
        cases: ["flytekit/sync/error: user"],
      },
      rpc("INTERNAL, the traceback", "UNAVAILABLE, a sentence [vendor_unavailable]", [
        "flytekit/create/error: unavailable",
        "flytekit/delete/error: unavailable",
        "flytekit/sync/error: unavailable",
      ]),
      rpc("INTERNAL, the traceback", "FAILED_PRECONDITION, a sentence [vendor_refused]", [
        "flytekit/delete/error: refused",
      ]),
      rpc("INTERNAL, the traceback", "FAILED, a sentence [vendor_refused]", ["flytekit/create/error: refused"]),
      {
        theirs: { messages: "0", rpc: "INTERNAL, the traceback" },
        ours: { messages: "1", rpc: "FAILED, a sentence [vendor_refused]" },
        cases: ["flytekit/sync/error: refused"],
      },
      rpc("INTERNAL, the traceback", "NOT_FOUND, a sentence [job_not_found]", [
        "flytekit/create/error: gone",
        "flytekit/sync/error: gone",
      ]),
      rpc("UNKNOWN, the exception's class and text", "INTERNAL, a sentence [plugin_failed]", [
        "flytekit/metrics/error: plain",
        "flytekit/logs/error: plain",
        "flyte-sdk/metrics/error: plain",
        "flyte-sdk/logs/error: plain",
      ]),
      rpc("UNKNOWN, the exception's class and text", "INVALID_ARGUMENT, a sentence [invalid_input]", [
        "flytekit/metrics/error: user",
        "flytekit/logs/error: user",
        "flyte-sdk/metrics/error: user",
        "flyte-sdk/logs/error: user",
      ]),
      rpc("UNKNOWN, the exception's class and text", "UNAVAILABLE, a sentence [vendor_unavailable]", [
        "flytekit/metrics/error: unavailable",
        "flytekit/logs/error: unavailable",
        "flyte-sdk/metrics/error: unavailable",
        "flyte-sdk/logs/error: unavailable",
      ]),
      rpc("INTERNAL, the exception's text", "INTERNAL, a sentence [plugin_failed]", [
        "flyte-sdk/create/error: plain",
        "flyte-sdk/create/error: lines",
        "flyte-sdk/create/error: silent",
        "flyte-sdk/create/error: long",
        "flyte-sdk/create/without custom",
        "flyte-sdk/delete/error: plain",
        "flyte-sdk/delete/error: lines",
        "flyte-sdk/delete/error: silent",
        "flyte-sdk/delete/error: long",
      ]),
      rpc("INTERNAL, the exception's text", "INVALID_ARGUMENT, a sentence [invalid_input]", [
        "flyte-sdk/get/error: user",
        "flyte-sdk/delete/error: user",
      ]),
      rpc("INTERNAL, the exception's text", "FAILED, a sentence [invalid_input]", ["flyte-sdk/create/error: user"]),
      rpc("INTERNAL, the exception's text", "UNAVAILABLE, a sentence [vendor_unavailable]", [
        "flyte-sdk/create/error: unavailable",
        "flyte-sdk/delete/error: unavailable",
      ]),
      rpc("INTERNAL, the exception's text", "FAILED_PRECONDITION, a sentence [vendor_refused]", [
        "flyte-sdk/delete/error: refused",
      ]),
      rpc("INTERNAL, the exception's text", "FAILED, a sentence [vendor_refused]", ["flyte-sdk/create/error: refused"]),
      rpc("INTERNAL, the exception's text", "NOT_FOUND, a sentence [job_not_found]", ["flyte-sdk/create/error: gone"]),
    ],
  },
  {
    name: "failed polls",
    reason:
      "A failed poll counts against a job's whole life, so that ours answers with the last known phase, which for an unknown job is RUNNING.",
    answers: [
      {
        theirs: { rpc: "INTERNAL, the traceback" },
        ours: {
          "resource.message": '"the state could not be read just now; it is read again at the next poll"',
          "resource.phase": '"RUNNING"',
          rpc: "OK",
        },
        cases: [
          "flytekit/get/error: plain",
          "flytekit/get/error: lines",
          "flytekit/get/error: silent",
          "flytekit/get/error: long",
          "flytekit/get/error: unavailable",
          "flytekit/get/error: refused",
        ],
      },
      {
        theirs: { rpc: "INTERNAL, the exception's text" },
        ours: {
          "resource.message": '"the state could not be read just now; it is read again at the next poll"',
          "resource.phase": '"RUNNING"',
          rpc: "OK",
        },
        cases: [
          "flyte-sdk/get/error: plain",
          "flyte-sdk/get/error: lines",
          "flyte-sdk/get/error: silent",
          "flyte-sdk/get/error: long",
          "flyte-sdk/get/error: unavailable",
          "flyte-sdk/get/error: refused",
        ],
      },
    ],
  },
  {
    name: "jobs that are gone",
    reason: "What the vendor does not know any more has failed (get) or is deleted already (delete).",
    answers: [
      {
        theirs: { rpc: "INTERNAL, the traceback" },
        ours: { "resource.message": '"the vendor does not know the job"', "resource.phase": '"FAILED"', rpc: "OK" },
        cases: ["flytekit/get/error: gone"],
      },
      rpc("INTERNAL, the traceback", "OK", [
        "flytekit/delete/a job that the vendor does not know",
        "flytekit/delete/error: gone",
      ]),
      {
        theirs: { rpc: "INTERNAL, the exception's text" },
        ours: { "resource.message": '"the vendor does not know the job"', "resource.phase": '"FAILED"', rpc: "OK" },
        cases: ["flyte-sdk/get/error: gone"],
      },
      rpc("INTERNAL, the exception's text", "OK", [
        "flyte-sdk/delete/a job that the vendor does not know",
        "flyte-sdk/delete/error: gone",
      ]),
    ],
  },
  {
    name: "calls without an answer",
    reason: "Their servers never answer when a connector raises what is no Exception, such as CancelledError.",
    answers: [
      rpc("DEADLINE_EXCEEDED", "INTERNAL, a sentence [plugin_failed]", [
        "flytekit/create/error: odd",
        "flytekit/delete/error: odd",
        "flytekit/sync/error: odd",
        "flyte-sdk/create/error: odd",
        "flyte-sdk/delete/error: odd",
      ]),
      {
        theirs: { rpc: "DEADLINE_EXCEEDED" },
        ours: {
          "resource.message": '"the state could not be read just now; it is read again at the next poll"',
          "resource.phase": '"RUNNING"',
          rpc: "OK",
        },
        cases: ["flytekit/get/error: odd", "flyte-sdk/get/error: odd"],
      },
    ],
  },
  {
    name: "unknown task types",
    reason:
      "Ours names what is served here beside the unknown task type or agent. Theirs does not map the error in GetAgent, GetConnector, GetTaskMetrics and GetTaskLogs.",
    answers: [
      rpc("UNKNOWN, the exception's class and text", "NOT_FOUND, a sentence [agent_not_found]", [
        'flytekit/describe/"Nobody"',
        'flytekit/describe/""',
        'flytekit/describe/"twin"',
        "flytekit/metrics/unknown task type",
        "flytekit/metrics/unknown version",
        "flytekit/logs/unknown task type",
        "flytekit/logs/unknown version",
        'flyte-sdk/describe/"Nobody"',
        'flyte-sdk/describe/""',
        'flyte-sdk/describe/"twin"',
        "flyte-sdk/metrics/unknown task type",
        "flyte-sdk/metrics/unknown version",
        "flyte-sdk/logs/unknown task type",
        "flyte-sdk/logs/unknown version",
      ]),
      rpc("NOT_FOUND, names the task type", "NOT_FOUND, a sentence [agent_not_found]", [
        "flytekit/create/unknown task type",
        "flytekit/create/unknown version",
        "flytekit/get/unknown task type",
        "flytekit/get/unknown version",
        "flytekit/delete/unknown task type",
        "flytekit/delete/unknown version",
        "flytekit/sync/unknown task type",
        "flytekit/sync/unknown version",
        "flyte-sdk/create/unknown task type",
        "flyte-sdk/create/unknown version",
        "flyte-sdk/get/unknown task type",
        "flyte-sdk/get/unknown version",
        "flyte-sdk/delete/unknown task type",
        "flyte-sdk/delete/unknown version",
      ]),
    ],
  },
  {
    name: "incomplete requests",
    reason: "A request that lacks a field is told so, rather than that a task type without name is unknown.",
    answers: [
      rpc("NOT_FOUND, names the task type", "INVALID_ARGUMENT, a sentence [invalid_request]", [
        "flytekit/create/without template",
        "flytekit/create/empty request",
        "flytekit/create/template without task type",
        "flytekit/get/without category",
        "flytekit/get/empty request",
        "flytekit/delete/without category",
        "flytekit/delete/empty request",
        "flytekit/sync/a header without template",
        "flytekit/sync/a template without task type",
        "flyte-sdk/create/without template",
        "flyte-sdk/create/empty request",
        "flyte-sdk/create/template without task type",
        "flyte-sdk/get/without category",
        "flyte-sdk/get/empty request",
        "flyte-sdk/delete/without category",
        "flyte-sdk/delete/empty request",
      ]),
      rpc("UNKNOWN, the exception's class and text", "INVALID_ARGUMENT, a sentence [invalid_request]", [
        "flytekit/metrics/without category",
        "flytekit/logs/without category",
        "flyte-sdk/metrics/without category",
        "flyte-sdk/logs/without category",
      ]),
    ],
  },
  {
    name: "malformed messages",
    reason: "Bytes that are no message are told apart from failures of the server.",
    answers: [
      rpc("UNKNOWN, the exception's class and text", "INTERNAL, a sentence [malformed_message]", [
        "flytekit/create/template that is no message",
        "flytekit/create/inputs that are no message",
        "flyte-sdk/create/template that is no message",
        "flyte-sdk/create/inputs that are no message",
      ]),
    ],
  },
  {
    name: "unreadable jobs",
    reason:
      "A job that cannot be read is the caller's mistake. Fields that a newer release added are ignored, or a rollout would break running tasks; types are checked before an agent sees them.",
    answers: [
      rpc("INTERNAL, the traceback", "INVALID_ARGUMENT, a sentence [invalid_job]", [
        "flytekit/get/job: empty",
        "flytekit/get/job: no JSON",
        "flytekit/get/job: no UTF-8",
        "flytekit/get/job: a list",
        "flytekit/get/job: null",
        "flytekit/get/job: a pickle",
        "flytekit/get/job: a field is missing",
      ]),
      {
        theirs: { rpc: "INTERNAL, the traceback" },
        ours: { "resource.message": '"step 3 of 7"', "resource.phase": '"RUNNING"', rpc: "OK" },
        cases: ["flytekit/get/job: an unknown field", "flytekit/get/job: a byte order mark"],
      },
      {
        theirs: { "resource.message": '"step 3 of 7"', "resource.phase": '"RUNNING"', rpc: "OK" },
        ours: { rpc: "INVALID_ARGUMENT, a sentence [invalid_job]" },
        cases: ["flytekit/get/job: a field of another type", "flyte-sdk/get/job: a field of another type"],
      },
      rpc("UNKNOWN, the exception's class and text", "INVALID_ARGUMENT, a sentence [invalid_job]", [
        "flytekit/metrics/job: empty",
        "flytekit/metrics/job: no JSON",
        "flytekit/logs/job: empty",
        "flytekit/logs/job: no JSON",
        "flyte-sdk/metrics/job: empty",
        "flyte-sdk/metrics/job: no JSON",
        "flyte-sdk/logs/job: empty",
        "flyte-sdk/logs/job: no JSON",
      ]),
      {
        theirs: { rpc: "UNKNOWN, the exception's class and text" },
        ours: {
          "results.0.data.result.0.values.0.0": "0",
          "results.0.data.result.0.values.0.1": '"0.5"',
          "results.0.data.resultType": '"matrix"',
          "results.0.metric": '"cpu"',
          "results.1.data": "{}",
          "results.1.metric": '"Größe"',
          rpc: "OK",
        },
        cases: ["flytekit/metrics/job: an unknown field", "flyte-sdk/metrics/job: an unknown field"],
      },
      {
        theirs: { messages: "0", rpc: "UNKNOWN, the exception's class and text" },
        ours: {
          "0.body.structuredLines.0.message": '"first: Größe 💥"',
          "0.body.structuredLines.0.originator": '"USER"',
          "0.body.structuredLines.0.timestamp": '"2026-11-24T08:00:00.123Z"',
          "0.body.structuredLines.1.message": '"second"',
          "0.body.structuredLines.1.originator": '"SYSTEM"',
          "1.header.token": '"2"',
          messages: "2",
          rpc: "OK",
        },
        cases: ["flytekit/logs/job: an unknown field"],
      },
      rpc("INTERNAL, the exception's text", "INVALID_ARGUMENT, a sentence [invalid_job]", [
        "flyte-sdk/get/job: empty",
        "flyte-sdk/get/job: no JSON",
        "flyte-sdk/get/job: no UTF-8",
        "flyte-sdk/get/job: a list",
        "flyte-sdk/get/job: null",
        "flyte-sdk/get/job: a pickle",
        "flyte-sdk/get/job: a field is missing",
      ]),
      {
        theirs: { rpc: "INTERNAL, the exception's text" },
        ours: { "resource.message": '"step 3 of 7"', "resource.phase": '"RUNNING"', rpc: "OK" },
        cases: ["flyte-sdk/get/job: an unknown field", "flyte-sdk/get/job: a byte order mark"],
      },
      {
        theirs: { messages: "0", rpc: "UNKNOWN, the exception's class and text" },
        ours: {
          "0.body.lines.0.message": '"first: Größe 💥"',
          "0.body.lines.0.originator": '"USER"',
          "0.body.lines.0.timestamp": '"2026-11-24T08:00:00.123Z"',
          "0.body.lines.1.message": '"second"',
          "0.body.lines.1.originator": '"SYSTEM"',
          "1.header.token": '"2"',
          messages: "2",
          rpc: "OK",
        },
        cases: ["flyte-sdk/logs/job: an unknown field"],
      },
    ],
  },
  {
    name: "deletes that cannot succeed",
    reason: "Flyte repeats a failed delete, in part for ever: what can never succeed does not fail.",
    answers: [
      rpc("INTERNAL, the traceback", "OK", [
        "flytekit/delete/job: empty",
        "flytekit/delete/job: no JSON",
        "flytekit/delete/job: no UTF-8",
        "flytekit/delete/job: a list",
        "flytekit/delete/job: null",
        "flytekit/delete/job: a pickle",
        "flytekit/delete/job: a field is missing",
        "flytekit/delete/job: an unknown field",
        "flytekit/delete/job: a byte order mark",
      ]),
      rpc("INTERNAL, the exception's text", "OK", [
        "flyte-sdk/delete/job: empty",
        "flyte-sdk/delete/job: no JSON",
        "flyte-sdk/delete/job: no UTF-8",
        "flyte-sdk/delete/job: a list",
        "flyte-sdk/delete/job: null",
        "flyte-sdk/delete/job: a pickle",
        "flyte-sdk/delete/job: a field is missing",
        "flyte-sdk/delete/job: an unknown field",
        "flyte-sdk/delete/job: a byte order mark",
      ]),
    ],
  },
  {
    name: "jobs that cannot be stored",
    reason:
      "A job is stored by Flyte for each running task, in JSON that every release can read: ours refuses what is too large or no JSON.",
    answers: [
      {
        theirs: { resourceMeta: '{"scenario":"large job","job_id":"job-1"… (5063 characters)', rpc: "OK" },
        ours: { rpc: "INTERNAL, a sentence [job_too_large]" },
        cases: ["flytekit/create/a job over 4 KiB", "flyte-sdk/create/a job over 4 KiB"],
      },
      rpc("INTERNAL, the traceback", "INVALID_ARGUMENT, a sentence [invalid_job]", [
        "flytekit/create/a job that JSON cannot hold",
      ]),
      rpc("INTERNAL, the exception's text", "INVALID_ARGUMENT, a sentence [invalid_job]", [
        "flyte-sdk/create/a job that JSON cannot hold",
      ]),
    ],
  },
  {
    name: "how JSON is written",
    reason: "White space and escapes mean nothing in JSON: each side reads what the other one writes.",
    answers: [
      {
        theirs: { job: '{"scenario": "running", "job_id": "Gr\\u00f6\\u00dfe", "note": "", "seen": null}' },
        ours: { job: '{"scenario":"running","job_id":"Größe","note":"","seen":null}' },
        cases: ["flytekit/create/the bytes of a job", "flyte-sdk/create/the bytes of a job"],
      },
    ],
  },
  {
    name: "inputs",
    reason:
      "Inputs are checked against the declared types before an agent sees them. (Theirs fail when the connector converts them, if it does.)",
    answers: [
      rpc("INTERNAL, the traceback", "FAILED, a sentence [invalid_input]", [
        "flytekit/create/an input that is not declared",
        "flytekit/create/another input than the one that is declared",
        "flytekit/create/an input of another type",
      ]),
      {
        theirs: { rpc: "OK", seen: "{}" },
        ours: { rpc: "FAILED, a sentence [invalid_input]" },
        cases: [
          "flytekit/create/an input that is missing",
          "flytekit/create/inputs where none are declared",
          "flyte-sdk/create/an input that is missing",
          "flyte-sdk/create/inputs where none are declared",
        ],
      },
      rpc("INTERNAL, the exception's text", "FAILED, a sentence [invalid_input]", [
        "flyte-sdk/create/an input that is not declared",
        "flyte-sdk/create/another input than the one that is declared",
        "flyte-sdk/create/an input of another type",
      ]),
    ],
  },
  {
    name: "sizes",
    reason:
      "Requests may have 16 MiB. An answer that Flyte could not read becomes a failure that says so, and a message is cut at 4096 characters.",
    answers: [
      {
        theirs: { rpc: 'RESOURCE_EXHAUSTED, "SERVER: Received message larger than max (5243314 vs. 4194304)"' },
        ours: { resourceMeta: '{"scenario":"running","job_id":"job-1","note":"","seen":null}', rpc: "OK" },
        cases: ["flytekit/create/request over 4 MiB", "flyte-sdk/create/request over 4 MiB"],
      },
      {
        theirs: { "resource.message": '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (5002 characters)' },
        ours: { "resource.message": '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (4098 characters)' },
        cases: ["flytekit/get/phase: failed at length", "flyte-sdk/get/phase: failed at length"],
      },
      {
        theirs: {
          "resource.outputs.literals.o.scalar.primitive.stringValue":
            '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (5242882 characters)',
          "resource.phase": '"SUCCEEDED"',
        },
        ours: {
          "resource.agentError.code": '"message_too_large"',
          "resource.message":
            '"the task ended (succeeded), but its answer is 5242915 bytes, and Flyte reads at most 4194304. Return a reference to the data (a file or a structured dataset) instead"',
          "resource.phase": '"FAILED"',
        },
        cases: ["flytekit/get/an answer over 4 MiB"],
      },
      {
        theirs: {
          "resource.outputs.literals.0.name": '"o"',
          "resource.outputs.literals.0.value.scalar.primitive.stringValue":
            '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (5242882 characters)',
          "resource.phase": '"SUCCEEDED"',
        },
        ours: {
          "resource.message":
            '"the task ended (succeeded), but its answer is 5242915 bytes, and Flyte reads at most 4194304. Return a reference to the data (a file or a structured dataset) instead"',
          "resource.phase": '"FAILED"',
        },
        cases: ["flyte-sdk/get/an answer over 4 MiB"],
      },
    ],
  },
  {
    name: "outputs by type",
    reason:
      "Outputs are checked against the declared types and written by them. Theirs look at the value alone, and so cannot write a list.",
    answers: [
      {
        theirs: { rpc: "INTERNAL, the traceback" },
        ours: {
          "resource.outputs.literals.o.collection.literals.0.scalar.primitive.integer": '"1"',
          "resource.outputs.literals.o.collection.literals.1.scalar.primitive.integer": '"2"',
          "resource.outputs.literals.o.collection.literals.2.scalar.primitive.integer": '"3"',
          "resource.phase": '"SUCCEEDED"',
          rpc: "OK",
        },
        cases: ["flytekit/get/output: list"],
      },
      {
        theirs: { "resource.outputs.literals.o.scalar.primitive.stringValue": '"Größe 💥\\n"' },
        ours: { "resource.outputs": "{}" },
        cases: ["flytekit/get/an output that is not declared"],
      },
      {
        theirs: {
          "resource.outputs.literals.o.scalar.primitive.stringValue": '"Größe 💥\\n"',
          "resource.phase": '"SUCCEEDED"',
        },
        ours: {
          "resource.agentError.code": '"invalid_output"',
          "resource.message": '"output \\"p\\": missing, the task declares it as STRING"',
          "resource.phase": '"FAILED"',
        },
        cases: ["flytekit/get/an output that is missing"],
      },
      {
        theirs: {
          "resource.outputs.literals.o.scalar.primitive.stringValue": '"Größe 💥\\n"',
          "resource.phase": '"SUCCEEDED"',
        },
        ours: {
          "resource.agentError.code": '"invalid_output"',
          "resource.message": '"output \\"o\\": expected INTEGER, got string \\"Größe 💥\\\\n\\""',
          "resource.phase": '"FAILED"',
        },
        cases: ["flytekit/get/an output of another type"],
      },
      {
        theirs: { messages: "0", rpc: "INTERNAL, the traceback" },
        ours: {
          "0.header.resource.outputs.literals.o.collection.literals.0.scalar.primitive.integer": '"1"',
          "0.header.resource.outputs.literals.o.collection.literals.1.scalar.primitive.integer": '"2"',
          "0.header.resource.outputs.literals.o.collection.literals.2.scalar.primitive.integer": '"3"',
          "0.header.resource.phase": '"SUCCEEDED"',
          messages: "1",
          rpc: "OK",
        },
        cases: ["flytekit/sync/answer: output list"],
      },
      {
        theirs: { "0.header.resource.outputs.literals.o.scalar.primitive.stringValue": '"Größe 💥\\n"' },
        ours: { "0.header.resource.outputs": "{}" },
        cases: ["flytekit/sync/an output that is not declared"],
      },
      {
        theirs: { "resource.outputs.literals.0.value.scalar.binary.value": '"gAWVCwAAAAAAAABdlChLAUsCSwNlLg=="' },
        ours: {
          "resource.outputs.literals.0.value.collection.literals.0.scalar.primitive.integer": '"1"',
          "resource.outputs.literals.0.value.collection.literals.1.scalar.primitive.integer": '"2"',
          "resource.outputs.literals.0.value.collection.literals.2.scalar.primitive.integer": '"3"',
        },
        cases: ["flyte-sdk/get/output: list"],
      },
      {
        theirs: {
          "resource.outputs.literals.0.name": '"o"',
          "resource.outputs.literals.0.value.scalar.primitive.stringValue": '"Größe 💥\\n"',
        },
        ours: { "resource.outputs": "{}" },
        cases: ["flyte-sdk/get/an output that is not declared"],
      },
      {
        theirs: {
          "resource.outputs.literals.0.name": '"o"',
          "resource.outputs.literals.0.value.scalar.primitive.stringValue": '"Größe 💥\\n"',
          "resource.phase": '"SUCCEEDED"',
        },
        ours: {
          "resource.message": '"output \\"p\\": missing, the task declares it as STRING"',
          "resource.phase": '"FAILED"',
        },
        cases: ["flyte-sdk/get/an output that is missing"],
      },
      {
        theirs: {
          "resource.outputs.literals.0.name": '"o"',
          "resource.outputs.literals.0.value.scalar.primitive.stringValue": '"Größe 💥\\n"',
          "resource.phase": '"SUCCEEDED"',
        },
        ours: {
          "resource.message": '"output \\"o\\": expected INTEGER, got string \\"Größe 💥\\\\n\\""',
          "resource.phase": '"FAILED"',
        },
        cases: ["flyte-sdk/get/an output of another type"],
      },
    ],
  },
  {
    name: "outputs before the end",
    reason: "Only a success has outputs.",
    answers: [
      {
        theirs: { "resource.outputs.literals.o.scalar.primitive.stringValue": '"too early"' },
        ours: {},
        cases: ["flytekit/get/running with outputs"],
      },
      {
        theirs: { "resource.outputs.literals.o.scalar.primitive.stringValue": '"half"' },
        ours: {},
        cases: ["flytekit/get/failed with outputs"],
      },
      {
        theirs: {
          "resource.outputs.literals.0.name": '"o"',
          "resource.outputs.literals.0.value.scalar.primitive.stringValue": '"too early"',
        },
        ours: {},
        cases: ["flyte-sdk/get/running with outputs"],
      },
      {
        theirs: {
          "resource.outputs.literals.0.name": '"o"',
          "resource.outputs.literals.0.value.scalar.primitive.stringValue": '"half"',
        },
        ours: {},
        cases: ["flyte-sdk/get/failed with outputs"],
      },
    ],
  },
  {
    name: "no outputs",
    reason:
      "Ours tells no outputs (present and empty) from outputs in a file (absent), as Flyte 1 does; in flyte-sdk both are absent.",
    answers: [{ theirs: {}, ours: { "resource.outputs": "{}" }, cases: ["flyte-sdk/get/phase: succeeded"] }],
  },
  {
    name: "phases",
    reason:
      "An agent of ours cannot answer UNDEFINED, nor a sync one a phase that is not an end: FlytePropeller would lose a poll worker with each.",
    answers: [
      {
        theirs: { resource: "{}", rpc: "OK" },
        ours: { rpc: "INTERNAL, a sentence [plugin_invalid]" },
        cases: ["flytekit/get/phase: undefined", "flyte-sdk/get/phase: undefined"],
      },
      {
        theirs: { "0.header.resource": "{}", messages: "1", rpc: "OK" },
        ours: { messages: "0", rpc: "INTERNAL, a sentence [plugin_invalid]" },
        cases: ["flytekit/sync/answer: undefined"],
      },
      {
        theirs: { "0.header.resource.message": '"third in the queue"', "0.header.resource.phase": '"QUEUED"' },
        ours: {
          "0.header.resource.message":
            '"the sync agent answered with phase \\"queued\\", which is not an end: third in the queue. Its author should answer succeeded or failed, or make it an async agent"',
          "0.header.resource.phase": '"FAILED"',
        },
        cases: ["flytekit/sync/answer: queued"],
      },
      {
        theirs: { "0.header.resource.message": '"step 3 of 7"', "0.header.resource.phase": '"RUNNING"' },
        ours: {
          "0.header.resource.message":
            '"the sync agent answered with phase \\"running\\", which is not an end: step 3 of 7. Its author should answer succeeded or failed, or make it an async agent"',
          "0.header.resource.phase": '"FAILED"',
        },
        cases: ["flytekit/sync/answer: running"],
      },
      {
        theirs: { "0.header.resource.phase": '"RUNNING"' },
        ours: {
          "0.header.resource.logLinks.0.ShowWhilePending": "true",
          "0.header.resource.logLinks.1.ShowWhilePending": "true",
          "0.header.resource.message":
            '"the sync agent answered with phase \\"running\\", which is not an end. Its author should answer succeeded or failed, or make it an async agent"',
          "0.header.resource.phase": '"FAILED"',
        },
        cases: ["flytekit/sync/answer: links"],
      },
    ],
  },
  {
    name: "links",
    reason:
      "Ours says of links that they are of use while the task waits, and to Flyte 2 that they are dashboards. What is no web address would be a dead link, and is left out.",
    answers: [
      {
        theirs: {},
        ours: { "resource.logLinks.0.ShowWhilePending": "true", "resource.logLinks.1.ShowWhilePending": "true" },
        cases: ["flytekit/get/links"],
      },
      {
        theirs: {
          "resource.logLinks.0.name": '"S3"',
          "resource.logLinks.0.uri": '"s3://bucket/log"',
          "resource.logLinks.1.name": '"file"',
          "resource.logLinks.1.uri": '"/var/log/job"',
        },
        ours: {},
        cases: ["flytekit/get/links of other kinds", "flyte-sdk/get/links of other kinds"],
      },
      {
        theirs: {},
        ours: { "resource.logLinks.0.ShowWhilePending": "true" },
        cases: ["flytekit/get/failed with everything"],
      },
      {
        theirs: {},
        ours: { "0.header.resource.logLinks.0.ShowWhilePending": "true" },
        cases: ["flytekit/sync/answer: failed with everything"],
      },
      {
        theirs: {},
        ours: {
          "resource.logLinks.0.ShowWhilePending": "true",
          "resource.logLinks.0.linkType": '"DASHBOARD"',
          "resource.logLinks.0.ready": "true",
          "resource.logLinks.1.ShowWhilePending": "true",
          "resource.logLinks.1.linkType": '"DASHBOARD"',
          "resource.logLinks.1.ready": "true",
        },
        cases: ["flyte-sdk/get/links"],
      },
      {
        theirs: {},
        ours: {
          "resource.logLinks.0.ShowWhilePending": "true",
          "resource.logLinks.0.linkType": '"DASHBOARD"',
          "resource.logLinks.0.ready": "true",
        },
        cases: ["flyte-sdk/get/failed with everything"],
      },
    ],
  },
  {
    name: "both generations",
    reason:
      "Ours serves both generations on one port: health knows the services of both, and Flyte 2 lists sync agents and plugins too.",
    answers: [
      {
        theirs: { rpc: "NOT_FOUND, no text" },
        ours: { rpc: "OK", status: '"SERVING"' },
        cases: [
          'flytekit/health/check "flyteidl2.connector.AsyncConnectorService"',
          'flytekit/health/check "flyteidl2.connector.ConnectorMetadataService"',
          'flyte-sdk/health/check "flyteidl.service.AsyncAgentService"',
          'flyte-sdk/health/check "flyteidl.service.SyncAgentService"',
          'flyte-sdk/health/check "flyteidl.service.AgentMetadataService"',
        ],
      },
      {
        theirs: {
          "connectors.1.name": '"Twin"',
          "connectors.1.supportedTaskCategories.0.name": '"twin"',
          "connectors.1.supportedTaskCategories.1.name": '"twin"',
          "connectors.1.supportedTaskCategories.1.version": "2",
        },
        ours: {
          "connectors.1.name": '"Sensor"',
          "connectors.1.supportedTaskCategories.0.name": '"sensor"',
          "connectors.2.name": '"Sync Twin"',
          "connectors.2.supportedTaskCategories.0.name": '"twin_sync"',
          "connectors.3.name": '"Twin"',
          "connectors.3.supportedTaskCategories.0.name": '"twin"',
          "connectors.3.supportedTaskCategories.1.name": '"twin"',
          "connectors.3.supportedTaskCategories.1.version": "2",
          "connectors.4.name": '"Webhook Connector"',
          "connectors.4.supportedTaskCategories.0.name": '"webhook"',
        },
        cases: ["flyte-sdk/list/all"],
      },
    ],
  },
  {
    name: "versions",
    reason: "Ours lists a task type once, however many versions it has.",
    answers: [
      { theirs: { "agents.3.supportedTaskTypes.1": '"twin"' }, ours: {}, cases: ["flytekit/list/all"] },
      { theirs: { "agent.supportedTaskTypes.1": '"twin"' }, ours: {}, cases: ['flytekit/describe/"Twin"'] },
    ],
  },
  {
    name: "sync agents as jobs",
    reason:
      "Ours serves sync agents through create, get and delete too: Flyte 1 comes this way when its configuration says so, Flyte 2 has no other.",
    answers: [
      rpc("INTERNAL, the traceback", "INVALID_ARGUMENT, a sentence [invalid_job]", [
        "flytekit/get/of a sync task type",
      ]),
      {
        theirs: { rpc: "INTERNAL, the traceback" },
        ours: {
          resourceMeta:
            '{"flyte_agent_sync_answer":1,"phase":"succeeded","message":"done","log_links":[],"outputs":"","custom_info":null,"error_code":""}',
          rpc: "OK",
        },
        cases: ["flytekit/create/of a sync task type"],
      },
      {
        theirs: { "create.rpc": "INTERNAL, the traceback" },
        ours: { "resource.message": '"table not found"', "resource.phase": '"FAILED"', rpc: "OK" },
        cases: ["flytekit/get/of a sync task type that was created"],
      },
      rpc("INTERNAL, the traceback", "OK", ["flytekit/delete/of a sync task type"]),
    ],
  },
  {
    name: "logs",
    reason: "flytekit's GetTaskLogs loses what the connector answers.",
    answers: [
      {
        theirs: { messages: "0" },
        ours: {
          "0.body.structuredLines.0.message": '"first: Größe 💥"',
          "0.body.structuredLines.0.originator": '"USER"',
          "0.body.structuredLines.0.timestamp": '"2026-11-24T08:00:00.123Z"',
          "0.body.structuredLines.1.message": '"second"',
          "0.body.structuredLines.1.originator": '"SYSTEM"',
          "1.header.token": '"2"',
          messages: "2",
        },
        cases: ["flytekit/logs/of a job", "flytekit/logs/deprecated task type alone"],
      },
      {
        theirs: { messages: "0" },
        ours: { "0.body.structuredLines.0.message": '"third"', messages: "1" },
        cases: ["flytekit/logs/next page"],
      },
    ],
  },
  {
    name: "operations not offered",
    reason: "An operation that an agent does not offer is UNIMPLEMENTED.",
    answers: [
      rpc("UNKNOWN, no text", "UNIMPLEMENTED, a sentence [operation_not_supported]", [
        "flytekit/metrics/not offered",
        "flytekit/logs/not offered",
        "flyte-sdk/metrics/not offered",
        "flyte-sdk/logs/not offered",
      ]),
      rpc("INTERNAL, the traceback", "UNIMPLEMENTED, a sentence [operation_not_supported]", [
        "flytekit/sync/an async task type",
      ]),
    ],
  },
  {
    name: "order of a stream",
    reason: "ExecuteTaskSync takes a header and then the inputs, and tells the caller of anything else.",
    answers: [
      rpc("NOT_FOUND, names the task type", "INVALID_ARGUMENT, a sentence [invalid_request]", [
        "flytekit/sync/inputs alone",
        "flytekit/sync/inputs first",
        "flytekit/sync/an empty message first",
      ]),
      rpc("UNKNOWN, the exception's class and text", "INVALID_ARGUMENT, a sentence [invalid_request]", [
        "flytekit/sync/no message",
      ]),
      rpc("INTERNAL, the traceback", "INVALID_ARGUMENT, a sentence [invalid_request]", [
        "flytekit/sync/a header and no inputs",
      ]),
      {
        theirs: {
          "0.header.resource.message": '"done"',
          "0.header.resource.outputs": "{}",
          "0.header.resource.phase": '"SUCCEEDED"',
          messages: "1",
          rpc: "OK",
        },
        ours: { messages: "0", rpc: "INVALID_ARGUMENT, a sentence [invalid_request]" },
        cases: ["flytekit/sync/two headers"],
      },
    ],
  },
  {
    name: "execution of a sync task",
    reason: "flytekit's `do` does not get the execution's metadata.",
    answers: [
      {
        theirs: {},
        ours: {
          "0.header.resource.customInfo.execution.annotations.note": '""',
          "0.header.resource.customInfo.execution.attempt": "2",
          "0.header.resource.customInfo.execution.domain": '"development"',
          "0.header.resource.customInfo.execution.environment.LEVEL": '"debug"',
          "0.header.resource.customInfo.execution.labels.Größe": '"1"',
          "0.header.resource.customInfo.execution.labels.node-id": '"n0"',
          "0.header.resource.customInfo.execution.name": '"f1"',
          "0.header.resource.customInfo.execution.namespace": '"flytesnacks-development"',
          "0.header.resource.customInfo.execution.node": '"n0"',
          "0.header.resource.customInfo.execution.project": '"flytesnacks"',
          "0.header.resource.customInfo.execution.service_account": '"robot"',
        },
        cases: ["flytekit/sync/sees inputs"],
      },
    ],
  },
  {
    name: "secrets",
    reason:
      "Secrets and settings of a connection are no arguments of functions: any name will do, and a setting does not hide a secret.",
    answers: [
      {
        theirs: { rpc: "INTERNAL, the exception's text" },
        ours: { resourceMeta: '{"scenario":"running","job_id":"job-1","note":"","seen":null}', rpc: "OK" },
        cases: ["flyte-sdk/create/a secret named like an argument"],
      },
      {
        theirs: { "resource.customInfo.token": '"setting"' },
        ours: { "resource.customInfo.token": '"secret"' },
        cases: ["flyte-sdk/get/a setting named like a secret"],
      },
    ],
  },
  {
    name: "sensor",
    reason: "Our sensor says what it waits for, and that it has no outputs.",
    answers: [
      {
        theirs: {},
        ours: {
          "after.resource.message": '"PATH is there"',
          "after.resource.outputs": "{}",
          "before the file is there.resource.message": '"waiting for PATH"',
          "still before.resource.message": '"waiting for PATH"',
        },
        cases: ["flytekit/sensor/created and polled by ours", "flytekit/sensor/created by theirs, polled by ours"],
      },
    ],
  },
  {
    name: "webhook: retries",
    reason: "What may pass by itself lets Flyte try again. With it goes an idempotency key.",
    answers: [
      {
        theirs: { "0.header.resource.phase": '"FAILED"' },
        ours: { "0.header.resource.phase": '"RETRYABLE_FAILED"' },
        cases: ["flytekit/webhook/status 429", "flytekit/webhook/status 503"],
      },
      {
        theirs: {
          "0.header.resource.message": '"Server disconnected without sending a response."',
          "0.header.resource.phase": '"FAILED"',
        },
        ours: {
          "0.header.resource.message":
            '"the call of the webhook at RECEIVER failed: it cut the connection before its answer was complete (ECONNRESET)"',
          "0.header.resource.phase": '"RETRYABLE_FAILED"',
        },
        cases: ["flytekit/webhook/connection is cut"],
      },
      {
        theirs: { "0.header.resource.phase": '"FAILED"' },
        ours: {
          "0.header.resource.message": '"the webhook did not answer within 1 s (custom.timeout_sec)"',
          "0.header.resource.phase": '"RETRYABLE_FAILED"',
        },
        cases: ["flytekit/webhook/slower than timeout_sec"],
      },
      {
        theirs: {
          "request 0.headers": "accept, accept-encoding, connection, content-length, content-type, host, user-agent",
        },
        ours: {
          "request 0.headers":
            "accept, accept-encoding, connection, content-length, content-type, host, idempotency-key, user-agent",
        },
        cases: ["flytekit/webhook/names of all headers"],
      },
      {
        theirs: {
          "0.header.resource.message": '"All connection attempts failed"',
          "0.header.resource.phase": '"FAILED"',
        },
        ours: {
          "0.header.resource.message":
            '"the call of the webhook at 127.0.0.1:1 failed: nothing listens there (ECONNREFUSED)"',
          "0.header.resource.phase": '"RETRYABLE_FAILED"',
        },
        cases: ["flytekit/webhook/nobody listens"],
      },
    ],
  },
  {
    name: "webhook: wrong tasks",
    reason:
      "A webhook task that cannot be run as it is is refused, with the key that is wrong; of methods, theirs takes everything but GET for POST.",
    answers: [
      {
        theirs: {
          "0.header.resource.message": '"Webhook was successfully invoked!"',
          "0.header.resource.outputs.literals.info.scalar.binary.tag": '"msgpack"',
          "0.header.resource.phase": '"SUCCEEDED"',
          "info has": "status_code, response_data",
          "info.response_data": '"received"',
          "info.status_code": "200",
          "request 0.body": '{"a":"b"}',
          "request 0.headers": '[["content-type","application/json"],["x-case","1"]]',
          "request 0.line": "POST / ",
          rpc: "OK",
        },
        ours: { rpc: "FAILED, a sentence [invalid_task]" },
        cases: ["flytekit/webhook/method PUT"],
      },
      {
        theirs: {
          "0.header.resource.message": "\"Could not find the key other in {'word': 'Größe 💥'}.\"",
          "0.header.resource.phase": '"FAILED"',
          rpc: "OK",
        },
        ours: { rpc: "FAILED, a sentence [invalid_input]" },
        cases: ["flytekit/webhook/input that is not there"],
      },
      {
        theirs: {
          "0.header.resource.message": "\"Could not find the key {inputs in {'inputs': {'word': 'Größe 💥'}}.\"",
          "0.header.resource.phase": '"FAILED"',
          rpc: "OK",
        },
        ours: { rpc: "FAILED, a sentence [invalid_task]" },
        cases: ["flytekit/webhook/braces that are no placeholder"],
      },
      {
        theirs: {
          "0.header.resource.message":
            "\"Invalid type for url.  Expected str or httpx.URL, got <class 'NoneType'>: None\"",
          "0.header.resource.phase": '"FAILED"',
          rpc: "OK",
        },
        ours: { rpc: "FAILED, a sentence [invalid_task]" },
        cases: ["flytekit/webhook/without url"],
      },
      {
        theirs: {
          "0.header.resource.message": "\"Request URL is missing an 'http://' or 'https://' protocol.\"",
          "0.header.resource.phase": '"FAILED"',
          rpc: "OK",
        },
        ours: { rpc: "FAILED, a sentence [invalid_task]" },
        cases: ["flytekit/webhook/url without scheme"],
      },
      {
        theirs: {
          "0.header.resource.message": "\"Request URL has an unsupported protocol 'ftp://'.\"",
          "0.header.resource.phase": '"FAILED"',
          rpc: "OK",
        },
        ours: { rpc: "FAILED, a sentence [invalid_task]" },
        cases: ["flytekit/webhook/url of another scheme"],
      },
    ],
  },
  {
    name: "webhook: requests",
    reason:
      "Ours keeps the query of a url, writes whole numbers as the author wrote them, and cuts answers at 1 MiB (by default).",
    answers: [
      {
        theirs: { "request 0.line": "GET /items/10 exact=true&page=2.0&q=green & blue/ü&ratio=0.5" },
        ours: { "request 0.line": "GET /items/10 exact=true&page=2&q=green & blue/ü&ratio=0.5" },
        cases: ["flytekit/webhook/flytekit's task webhook-get"],
      },
      {
        theirs: { "info.response_data": '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (2097154 characters)' },
        ours: { "info.response_data": '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1048664 characters)' },
        cases: ["flytekit/webhook/answer of 2 MiB"],
      },
      {
        theirs: { "request 0.line": "GET / b=2" },
        ours: { "request 0.line": "GET / a=1&b=2" },
        cases: ["flytekit/webhook/GET with an address that has a query"],
      },
    ],
  },
  {
    name: "wording",
    reason: "The wording of gRPC's own errors is the library's.",
    answers: [
      rpc('UNIMPLEMENTED, "Method not found!"', 'UNIMPLEMENTED, "unknown service or method"', [
        "flytekit/create/unknown method",
        "flyte-sdk/create/unknown method",
      ]),
    ],
  },
];

/** Answers that differ in nothing but the status and the kind of its text. */
function rpc(theirs: string, ours: string, cases: readonly CaseId[]): DifferentAnswer {
  return { theirs: { rpc: theirs }, ours: { rpc: ours }, cases };
}
