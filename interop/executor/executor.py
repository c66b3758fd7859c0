"""Plays Flyte 2's executor: what its connector plugin sends, in which order, and what it does with each answer.

The real one cannot be built outside Flyte's own repository. Names and rules are those of its connector plugin.
"""

import json
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import grpc
from flyteidl2.connector import connector_pb2, service_pb2_grpc
from flyteidl2.core import execution_pb2, identifier_pb2, literals_pb2, security_pb2, tasks_pb2
from flyteidl2.task import common_pb2
from google.protobuf.json_format import MessageToJson, ParseDict

from transcript import Transcript

Phase = execution_pb2.TaskExecution.Phase
PROJECT, DOMAIN = "interop", "development"

# The executor asks every 30 s; what it does with the answers does not depend on that.
GET_PERIOD_S = 1.0
ENDS = (Phase.SUCCEEDED, Phase.FAILED, Phase.RETRYABLE_FAILED, Phase.ABORTED)
# Consecutive polls that are neither an error of the task nor an answer that the executor understands.
MAX_SYSTEM_FAILURES = 3


@dataclass
class Task:
    """A task template, the inputs of one action, and the secrets that the platform holds by name."""

    template: tasks_pb2.TaskTemplate
    inputs: dict[str, literals_pb2.Literal] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass
class Action:
    """An action on its way, as its TaskAction object keeps it."""

    name: str
    task: Task
    attempt: int = 0
    resource_meta: bytes | None = None
    answers: list = field(default_factory=list)
    error: str | None = None
    outputs: dict[str, literals_pb2.Literal] | None = None


class Executor:
    """Runs actions against one server."""

    def __init__(self, endpoint: str, store_folder: str, transcript: Transcript, timeouts: dict[str, float] | None = None):
        options = [
            # The executor's client pings while a call is open.
            ("grpc.keepalive_time_ms", 30_000),
            ("grpc.keepalive_timeout_ms", 10_000),
        ]
        channel = grpc.insecure_channel(endpoint, options)
        intercepted = grpc.intercept_channel(channel, transcript)
        self.connector = service_pb2_grpc.AsyncConnectorServiceStub(intercepted)
        self._metadata = service_pb2_grpc.ConnectorMetadataServiceStub(intercepted)
        self._store = Path(store_folder)
        self._timeouts = timeouts or {}
        self._registry = self._list_connectors()

    def _timeout(self, method: str) -> float:
        # The executor's own is 10 s; most cases are not about deadlines, and a busy machine may need longer.
        return self._timeouts.get(method, 60.0)

    def _list_connectors(self) -> set[tuple[str, int]]:
        answer = self._metadata.ListConnectors(connector_pb2.ListConnectorsRequest(), timeout=self._timeout("ListConnectors"))
        return {
            (category.name, category.version)
            for connector in answer.connectors
            for category in connector.supported_task_categories
        }

    def knows(self, task_type: str, version: int = 0) -> bool:
        return (task_type, version) in self._registry

    def start(self, name: str, task: Task) -> Action:
        action = Action(name=f"{name}-{time.time_ns() % 1_000_000_000}", task=task)
        self._create(action)
        return action

    def run(self, name: str, task: Task, on_answer: Callable[[connector_pb2.Resource], None] = lambda _: None) -> Action:
        """A whole life: create, polls, retries, outputs."""
        action = self.start(name, task)
        self.follow(action, on_answer)
        return action

    def follow(self, action: Action, on_answer: Callable[[connector_pb2.Resource], None] = lambda _: None) -> None:
        """Polls until the action has ended, with a new attempt after each retryable failure."""
        system_failures = 0
        while action.error is None and action.outputs is None:
            if action.resource_meta is None:
                return
            resource = self.get(action)
            action.answers.append(resource)
            on_answer(resource)
            if resource.phase == Phase.UNDEFINED or resource.phase not in Phase.values():
                system_failures += 1
                if system_failures > MAX_SYSTEM_FAILURES:
                    action.error = "MaxSystemFailuresExceeded"
            elif resource.phase == Phase.SUCCEEDED:
                self._take_outputs(action, resource)
            elif resource.phase == Phase.RETRYABLE_FAILED:
                self._retry(action, f"failed to run the job: {resource.message}")
            elif resource.phase == Phase.ABORTED:
                action.error = "failed to run the job with aborted phase."
            elif resource.phase == Phase.FAILED:
                action.error = f"failed to run the job: {resource.message}"
            else:
                system_failures = 0
                time.sleep(GET_PERIOD_S)

    def _retry(self, action: Action, message: str) -> None:
        if action.attempt >= action.task.template.metadata.retries.retries:
            action.error = message
            return
        if action.resource_meta is not None:
            self.delete(action)
        action.attempt += 1
        action.resource_meta = None
        self._create(action)

    def _create(self, action: Action) -> None:
        template = action.task.template
        try:
            answer = self.connector.CreateTask(
                connector_pb2.CreateTaskRequest(
                    inputs=in_any_order(action.task.inputs),
                    template=template,
                    output_prefix=self.output_prefix(action),
                    task_execution_metadata=metadata_of(action),
                    connection=self.connection(action),
                ),
                timeout=self._timeout("CreateTask"),
            )
            action.resource_meta = answer.resource_meta
        except grpc.RpcError as error:
            self._retry(action, f"failed to create task from connector with rpc error: code = {error.code().name} desc = {error.details()}")

    def connection(self, action: Action) -> security_pb2.Connection:
        """Reads `template.custom` as a Connection, and puts the values in place of the names of secrets."""
        if not action.task.template.HasField("custom"):
            raise ValueError("nil Struct Object passed")
        connection = security_pb2.Connection()
        ParseDict(json.loads(MessageToJson(action.task.template.custom)), connection, ignore_unknown_fields=True)
        for key, name in connection.secrets.items():
            connection.secrets[key] = action.task.secrets[name]
        return connection

    def get(self, action: Action) -> connector_pb2.Resource:
        request = connector_pb2.GetTaskRequest(
            resource_meta=action.resource_meta,
            task_category=category_of(action),
            output_prefix=self.output_prefix(action),
            connection=self.connection(action),
        )
        return self.connector.GetTask(request, timeout=self._timeout("GetTask")).resource

    def delete(self, action: Action) -> None:
        """On abort, before each retry, and when the object of a finished action is collected."""
        request = connector_pb2.DeleteTaskRequest(
            resource_meta=action.resource_meta, task_category=category_of(action), connection=self.connection(action)
        )
        self.connector.DeleteTask(request, timeout=self._timeout("DeleteTask"))

    def _take_outputs(self, action: Action, resource: connector_pb2.Resource) -> None:
        if resource.HasField("outputs"):
            action.outputs = {named.name: named.value for named in resource.outputs.literals}
            return
        file = self.file_of(self.output_prefix(action)) / "outputs.pb"
        if not file.exists():
            action.error = "MaxSystemFailuresExceeded"
            return
        written = common_pb2.Outputs.FromString(file.read_bytes())
        action.outputs = {named.name: named.value for named in written.literals}

    def output_prefix(self, action: Action) -> str:
        return f"file://flyte/ab/{PROJECT}/{DOMAIN}/{action.name}/a0/{action.attempt + 1}"

    def file_of(self, uri: str) -> Path:
        return self._store / uri.removeprefix("file://")


def in_any_order(inputs: dict[str, literals_pb2.Literal]) -> common_pb2.Inputs:
    """The executor rebuilds the inputs from a map of Go."""
    named = [common_pb2.NamedLiteral(name=name, value=value) for name, value in inputs.items()]
    random.shuffle(named)
    return common_pb2.Inputs(literals=named)


def category_of(action: Action) -> connector_pb2.TaskCategory:
    template = action.task.template
    return connector_pb2.TaskCategory(name=template.type, version=template.task_type_version)


def metadata_of(action: Action) -> connector_pb2.TaskExecutionMetadata:
    execution = identifier_pb2.WorkflowExecutionIdentifier(project=PROJECT, domain=DOMAIN, name=action.name)
    return connector_pb2.TaskExecutionMetadata(
        task_execution_id=identifier_pb2.TaskExecutionIdentifier(
            task_id=action.task.template.id,
            node_execution_id=identifier_pb2.NodeExecutionIdentifier(node_id="a0", execution_id=execution),
            retry_attempt=action.attempt,
        ),
        namespace="flyte",
        labels={"organization": "flyte", "project": PROJECT, "domain": DOMAIN, "run": action.name, "action": "a0", "attempt": str(action.attempt + 1)},
        environment_variables={"ACTION_NAME": "a0", "RUN_NAME": action.name, "_U_ORG_NAME": "local"},
    )
