"""The cases: what happens, and what must come of it."""

import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import grpc
from executor import Executor, Phase, Task
from flyteidl2.connector import connector_pb2
from flyteidl2.core import artifact_id_pb2, literals_pb2, tasks_pb2
from flyteidl2.task import common_pb2
from google.protobuf import duration_pb2
from tasks import ECHO, INTEGER, SCRIPTED, SCRIPTED_SYNC, STRING, encoded, integer, scripted, task_of, text


def equal(what: str, got, expected) -> None:
    if got != expected:
        raise AssertionError(f"{what}: got {shortened(got)}, expected {shortened(expected)}")


def shortened(value) -> str:
    shown = repr(value)
    return shown if len(shown) <= 500 else f"{shown[:500]}… ({len(shown)} characters)"


def executor_of(session, **options) -> Executor:
    return Executor(session.endpoint, session.store, session.transcript, **options)


def signal_of(session, name: str) -> Path:
    """A file that is there once something has happened: steps of a job end by it, not by the time."""
    return Path(session.store) / f"{session.name}-{time.time_ns()}-{name}"


def collect(executor: Executor, action) -> None:
    """What the garbage collection of finished actions does, an hour later. It is repeated for ever if it fails."""
    executor.delete(action)
    executor.delete(action)


def phases_of(action) -> list[str]:
    names = [Phase.Name(answer.phase) for answer in action.answers]
    return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]


def success(session) -> None:
    executor = executor_of(session)
    link = {"name": "Vendor", "uri": "https://vendor.example/1"}
    ends = {phase: signal_of(session, f"end-of-{phase}") for phase in ("queued", "initializing", "running")}
    task = scripted(
        {"until": str(ends["queued"]), "phase": "queued", "message": "third in the queue", "link": link},
        {"until": str(ends["initializing"]), "phase": "initializing", "message": "the cluster starts", "link": link},
        {"until": str(ends["running"]), "phase": "running", "link": link},
        {"phase": "succeeded", "outputs": {"n": 42, "text": "ü"}, "link": link},
        outputs={"n": INTEGER, "text": STRING},
    )

    def end_phase(answer) -> None:
        phase = Phase.Name(answer.phase).lower()
        if phase in ends:
            ends[phase].touch()

    action = executor.run(session.name, task, on_answer=end_phase)
    equal("known by ListConnectors", executor.knows(SCRIPTED), True)
    equal("phases", phases_of(action), ["QUEUED", "INITIALIZING", "RUNNING", "SUCCEEDED"])
    equal("outputs", action.outputs, {"n": integer(42), "text": text("ü")})
    # The executor sends an event only when the phase changes.
    equal("links in each answer", {answer.log_links[0].uri for answer in action.answers}, {link["uri"]})
    equal("message", action.answers[0].message, "third in the queue")
    collect(executor, action)


def outputs_in_the_prefix(session) -> None:
    executor = executor_of(session)
    written = common_pb2.Outputs(literals=[common_pb2.NamedLiteral(name="n", value=integer(7))])
    step = {"phase": "succeeded", "outputs": "written-to-output-prefix"}
    task = task_of(SCRIPTED, {"attempts": [{"steps": [step], "files": {"outputs.pb": encoded(written)}}]}, {"n": INTEGER})
    action = executor.run(session.name, task)
    equal("outputs", action.outputs, {"n": integer(7)})
    collect(executor, action)


def success_without_outputs(session) -> None:
    executor = executor_of(session)
    action = executor.run(session.name, scripted({"phase": "succeeded"}))
    # Without outputs the executor would read outputs.pb, which nobody wrote.
    equal("outputs are sent", action.answers[-1].HasField("outputs"), True)
    equal("outputs", action.outputs, {})
    collect(executor, action)


def failure(session) -> None:
    executor = executor_of(session)
    action = executor.run(session.name, scripted({"phase": "failed", "message": "no such table"}, retries=2))
    equal("error", action.error, "failed to run the job: no such table")
    equal("CreateTask calls", len(session.transcript.of("CreateTask")), 1)
    collect(executor, action)


def retryable_failure_then_success(session) -> None:
    executor = executor_of(session)
    attempts = [
        {"steps": [{"phase": "retryable_failed", "message": "the machine was taken away"}]},
        {"steps": [{"phase": "succeeded", "outputs": {"n": 2}}]},
    ]
    action = executor.run(session.name, task_of(SCRIPTED, {"attempts": attempts}, {"n": INTEGER}, retries=1))
    equal("outputs", action.outputs, {"n": integer(2)})
    equal("CreateTask calls", len(session.transcript.of("CreateTask")), 2)
    equal("DeleteTask calls", [call["status"] for call in session.transcript.of("DeleteTask")], ["OK"])
    collect(executor, action)


def abort(session) -> None:
    executor = executor_of(session)
    action = executor.start(session.name, scripted({"phase": "running"}))
    equal("phase", executor.get(action).phase, Phase.RUNNING)
    collect(executor, action)


def sync_agent(session) -> None:
    """There is no synchronous call: the answer comes through create and get, of any replica."""
    executor = executor_of(session)
    task = scripted({"phase": "succeeded", "outputs": {"n": 5}}, outputs={"n": INTEGER}, task_type=SCRIPTED_SYNC)
    action = executor.run(session.name, task)
    equal("outputs", action.outputs, {"n": integer(5)})
    equal("GetTask calls", len(session.transcript.of("GetTask")), 1)
    failed = executor.run(session.name, scripted({"phase": "failed", "message": "no"}, task_type=SCRIPTED_SYNC))
    equal("error", failed.error, "failed to run the job: no")
    unfinished = executor.run(session.name, scripted({"phase": "running"}, task_type=SCRIPTED_SYNC))
    equal("an answer that is no end fails", unfinished.error is not None, True)
    for each in (action, failed, unfinished):
        collect(executor, each)


def jobs_of_another_server(session) -> None:
    """Calls go to any replica, old or new: what one server created, the other one polls and deletes."""
    first, second = executor_of(session), Executor(session.canary, session.store, session.transcript)
    for task_type in (SCRIPTED, SCRIPTED_SYNC):
        task = scripted({"phase": "succeeded", "outputs": {"n": 6}}, outputs={"n": INTEGER}, task_type=task_type)
        action = first.start(session.name, task)
        second.follow(action)
        equal(f"outputs of {task_type}", action.outputs, {"n": integer(6)})
        collect(second, action)


def answers_too_large(session) -> None:
    """The client reads 4 MiB at most. The answer of a synchronous agent is stored with the action, which etcd limits."""
    executor = executor_of(session)
    for task_type, fitting, limit in ((SCRIPTED, 4_190_000, 4_194_304), (SCRIPTED_SYNC, 90_000, 131_072)):
        fits, too_large = (
            executor.run(session.name, scripted({"phase": "succeeded", "textBytes": size}, outputs={"text": STRING}, task_type=task_type))
            for size in (fitting, limit)
        )
        equal(f"outputs of {task_type}", fits.outputs, {"text": text("x" * fitting)})
        equal(f"the limit in {too_large.error!r}", str(limit) in (too_large.error or ""), True)
        collect(executor, too_large)


def every_version(session) -> None:
    """All versions of a task type coexist, unlike in Flyte 1."""
    executor = executor_of(session)
    for version in (0, 1, 10):
        task = task_of("interop_versions", {"attempts": [{"steps": [{"phase": "succeeded"}]}]})
        task.template.task_type_version = version
        equal(f"version {version} is listed", executor.knows("interop_versions", version), True)
        equal("outputs", executor.run(session.name, task).outputs, {})


def unknown_fields(session) -> None:
    """Fields that our IDL does not know must neither disturb nor get lost on the way of a literal."""
    executor = executor_of(session)
    artifact = artifact_id_pb2.ArtifactVersionId(
        key=artifact_id_pb2.ArtifactKey(project="p", domain="d", name="a"), version="v7"
    )
    inputs = {"a": text("one"), "b": text("two")}
    inputs["a"].artifact_id.CopyFrom(artifact)
    inputs["b"].hash = "h"
    inputs["b"].metadata["k"] = "v"
    task = task_of(ECHO, {}, {"a": STRING, "b": STRING}, inputs)
    template = task.template
    template.reuse_policy.CopyFrom(tasks_pb2.ReusePolicy(min_replicas=1, max_replicas=2))
    template.worker_kind = 1
    template.metadata.produces_artifacts = True
    template.metadata.cache_max_age.CopyFrom(duration_pb2.Duration(seconds=60))
    action = executor.run(session.name, task)
    equal("outputs", action.outputs, inputs)
    collect(executor, action)


def inputs_in_any_order(session) -> None:
    executor = executor_of(session)
    inputs = {f"name_{index}": text(str(index)) for index in range(20)}
    for _ in range(5):
        action = executor.run(session.name, task_of(ECHO, {}, dict.fromkeys(inputs, STRING), inputs))
        equal("outputs", action.outputs, inputs)


def connection_secrets(session) -> None:
    """The platform's secrets come with the connection; the real webhook plugin puts one into a header."""
    executor = executor_of(session)
    with Receiver() as receiver:
        custom = {
            "url": f"{receiver.address}/hook",
            "method": "GET",
            "headers": {"authorization": "Bearer {secrets.token}"},
            "show_data": True,
            "show_url": True,
            "timeout_sec": 5,
            "secrets": {"token": "name-of-the-secret"},
            "configs": {"region": "eu"},
        }
        task = task_of("webhook", custom, {"info": 9})
        task.secrets["name-of-the-secret"] = "s3cr3t-value"
        action = executor.run(session.name, task)
    equal("error", action.error, None)
    equal("header", receiver.headers.get("authorization"), "Bearer s3cr3t-value")
    equal("the secret is in the job", b"s3cr3t-value" in action.resource_meta, False)
    equal("the secret is in the answer", b"s3cr3t-value" in action.answers[-1].SerializeToString(), False)
    collect(executor, action)


class Receiver:
    """An HTTP server for one request."""

    def __enter__(self):
        outer = self
        outer.headers = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"thank you")

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()


def sensor_of(session, file: Path) -> Task:
    fixture = Path(session.fixtures) / "sensor-file"
    template = tasks_pb2.TaskTemplate.FromString((fixture / "task-template.pb").read_bytes())
    template.metadata.ClearField("timeout")
    return Task(template=template, inputs={"path": text(str(file))})


def sensor(session) -> None:
    executor = executor_of(session)
    file = Path(session.store) / f"awaited-{time.time_ns()}"
    action = executor.start(session.name, sensor_of(session, file))
    equal("phase", executor.get(action).phase, Phase.RUNNING)
    file.touch()
    executor.follow(action)
    equal("outputs", action.outputs, {})
    collect(executor, action)


def sensor_times_out(session) -> None:
    """Nothing of Flyte 2 ends a task in time, so the sensor does it itself."""
    executor = executor_of(session)
    task = sensor_of(session, Path("/nonexistent/awaited"))
    task.template.metadata.timeout.CopyFrom(duration_pb2.Duration(seconds=5))
    action = executor.run(session.name, task)
    equal("phases", phases_of(action), ["RUNNING", "RETRYABLE_FAILED"])
    collect(executor, action)


def deletes_that_must_succeed(session) -> None:
    """A failed DeleteTask keeps the object of a finished action for ever."""
    executor = executor_of(session)
    category = connector_pb2.TaskCategory(name=SCRIPTED)
    for job in (b"", b"no job", b'{"of":"another release"}'):
        for name in (SCRIPTED, SCRIPTED_SYNC, "sensor", "webhook"):
            request = connector_pb2.DeleteTaskRequest(resource_meta=job, task_category=connector_pb2.TaskCategory(name=name))
            executor.connector.DeleteTask(request, timeout=10)
    equal("statuses", {call["status"] for call in session.transcript.of("DeleteTask")}, {"OK"})


def slow_get(session) -> None:
    """A failed poll counts for the whole life of an action; six end its polls."""
    executor = executor_of(session, timeouts={"GetTask": 3.0})
    is_done = signal_of(session, "done")
    steps = [{"until": str(is_done), "phase": "running"}, {"phase": "succeeded", "outputs": {"n": 3}}]
    custom = {"attempts": [{"steps": steps}], "slow": {"getMs": 10000, "until": str(is_done)}}
    polls = session.transcript.of

    def end_after_three(_answer) -> None:
        if len(polls("GetTask")) == 3:
            is_done.touch()

    action = executor.run(session.name, task_of(SCRIPTED, custom, {"n": INTEGER}), on_answer=end_after_three)
    equal("outputs", action.outputs, {"n": integer(3)})
    equal("statuses", [call["status"] for call in polls("GetTask")], ["OK"] * 4)


def slow_create(session) -> None:
    executor = executor_of(session, timeouts={"CreateTask": 2.0})
    custom = {"attempts": [{"steps": [{"phase": "succeeded", "outputs": {"n": 4}}]}], "slow": {"createMs": 5000}}
    action = executor.run(session.name, task_of(SCRIPTED, custom, {"n": INTEGER}, retries=1))
    equal("outputs", action.outputs, {"n": integer(4)})
    equal("statuses", [call["status"] for call in session.transcript.of("CreateTask")], ["DEADLINE_EXCEEDED", "OK"])
    equal("the server answered itself", session.transcript.of("CreateTask")[0]["message"] != "Deadline Exceeded", True)


def logs_and_metrics_that_are_not_there(session) -> None:
    executor = executor_of(session)
    action = executor.start(session.name, scripted({"phase": "running"}))
    category = connector_pb2.TaskCategory(name=SCRIPTED)
    logs = connector_pb2.GetTaskLogsRequest(resource_meta=action.resource_meta, task_category=category)
    metrics = connector_pb2.GetTaskMetricsRequest(resource_meta=action.resource_meta, task_category=category)
    equal("GetTaskLogs", status_of(lambda: list(executor.connector.GetTaskLogs(logs, timeout=5))), grpc.StatusCode.UNIMPLEMENTED)
    equal("GetTaskMetrics", status_of(lambda: executor.connector.GetTaskMetrics(metrics, timeout=5)), grpc.StatusCode.UNIMPLEMENTED)
    collect(executor, action)


def status_of(call) -> grpc.StatusCode:
    try:
        call()
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


CASES = {
    "success": success,
    "success-with-outputs-in-the-prefix": outputs_in_the_prefix,
    "success-without-outputs": success_without_outputs,
    "failure": failure,
    "retryable-failure-then-success": retryable_failure_then_success,
    "abort": abort,
    "sync-agent": sync_agent,
    "jobs-of-another-server": jobs_of_another_server,
    "answers-too-large": answers_too_large,
    "every-version": every_version,
    "unknown-fields": unknown_fields,
    "inputs-in-any-order": inputs_in_any_order,
    "connection-secrets": connection_secrets,
    "plugin-sensor": sensor,
    "plugin-sensor-times-out": sensor_times_out,
    "deletes-that-must-succeed": deletes_that_must_succeed,
    "deadline-slow-get": slow_get,
    "deadline-slow-create": slow_create,
    "logs-and-metrics-that-are-not-there": logs_and_metrics_that_are_not_there,
}

# Calls of other cases would delay theirs.
NEED_OWN_SERVER = {"deadline-slow-get", "deadline-slow-create"}
