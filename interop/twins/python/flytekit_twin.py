"""The twin on flytekit's server: `pyflyte serve connector --modules flytekit_twin`."""

import asyncio
import json
import typing
from dataclasses import dataclass
from enum import Enum
from typing import Any, Dict, List, Optional, Union

import vendor
from flyteidl.admin.agent_pb2 import (
    GetTaskLogsResponse,
    GetTaskLogsResponseBody,
    GetTaskMetricsResponse,
    LogLine,
    LogLineOriginator,
)
from flyteidl.core import literals_pb2
from flyteidl.core.execution_pb2 import TaskLog
from flyteidl.core.metrics_pb2 import ExecutionMetricResult
from flytekit import FlyteContext, StructuredDataset
from flytekit.core.type_engine import TypeEngine
from flytekit.exceptions.user import FlyteAssertion
from flytekit.extend.backend.base_connector import (
    AsyncConnectorBase,
    ConnectorRegistry,
    Resource,
    ResourceMeta,
    SyncConnectorBase,
)
from flytekit.models.literals import LiteralMap
from flytekit.models.task import TaskExecutionMetadata, TaskTemplate
from flytekit.types.directory import FlyteDirectory
from flytekit.types.file import FlyteFile
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from scenarios import ERRORS, OUTPUTS, RUNNING, SUCCEEDED, ABORTED, plain_resources, raise_if_asked

ERRORS["user"] = lambda: FlyteAssertion("use another table")


class Colour(Enum):
    RED = "red"
    GREEN = "green"


TYPED_OUTPUTS: Dict[str, typing.Tuple[Any, Any]] = {
    "typed list": ([1, 2, 3], List[int]),
    "empty typed list": ([], List[int]),
    "nested list": ([["a"], [], ["b", "c"]], List[List[str]]),
    "typed map": ({"x": 1.0, "y": 2.5}, Dict[str, float]),
    "whole number for a float": (2.0, float),
    "union of text": ("a", Union[int, str]),
    "union of none": (None, Optional[int]),
    "enum": (Colour.GREEN, Colour),
    "file": (FlyteFile("s3://bucket/key.csv"), FlyteFile),
    "file with format": (FlyteFile["csv"]("s3://bucket/key.csv"), FlyteFile["csv"]),
    "folder": (FlyteDirectory("s3://bucket/folder"), FlyteDirectory),
    "table": (StructuredDataset(uri="bq://project:dataset.table"), StructuredDataset),
}
"""One output named `o`, of a declared type."""


@dataclass
class TwinJob(ResourceMeta):
    scenario: str
    job_id: str
    note: str = ""
    seen: Optional[dict] = None


RESOURCES = plain_resources(Resource, TaskLog)


async def resource_of(job: TwinJob) -> Resource:
    if job.scenario == "vendor":
        state = vendor.state(job.job_id)
        if state == "running":
            return Resource(phase=RUNNING, message="at work")
        if state == "stopped":
            return Resource(phase=ABORTED, message="stopped")
        return Resource(phase=SUCCEEDED, message="done", outputs={"state": state, "count": 3, "ratio": 2.0})
    if job.scenario == "seen":
        return Resource(phase=SUCCEEDED, outputs={}, custom_info=job.seen)
    if job.scenario == "two outputs":
        return Resource(phase=SUCCEEDED, outputs={"zebra": 1, "ant": "two"})
    if job.scenario in RESOURCES:
        return RESOURCES[job.scenario]()
    name = job.scenario.removeprefix("output ")
    if name in OUTPUTS:
        return Resource(phase=SUCCEEDED, outputs={"o": OUTPUTS[name]})
    value, python_type = TYPED_OUTPUTS[name]
    context = FlyteContext.current_context()
    outputs = await TypeEngine._dict_to_literal_map(context, {"o": value}, {"o": python_type})
    return Resource(phase=SUCCEEDED, outputs=outputs)


async def what_is_seen(
    task: TaskTemplate, inputs: Optional[LiteralMap], output_prefix: str, metadata: Optional[TaskExecutionMetadata]
) -> Dict[str, Any]:
    types = {name: TypeEngine.guess_python_type(v.type) for name, v in task.interface.inputs.items()}
    values = await TypeEngine._literal_map_to_kwargs(FlyteContext.current_context(), inputs, types)
    seen: Dict[str, Any] = {
        "type": task.type,
        "version": task.task_type_version,
        "name": task.id.name,
        "custom": task.custom,
        "config": task.config,
        "sql": task.sql.statement if task.sql else None,
        "container": None
        if task.container is None
        else {
            "image": task.container.image,
            "command": list(task.container.command or []),
            "args": list(task.container.args or []),
            "env": dict(task.container.env or {}),
        },
        "retries": task.metadata.retries.retries,
        "timeout_sec": task.metadata.timeout.total_seconds(),
        "secrets": [s.key for s in task.security_context.secrets] if task.security_context else [],
        "inputs": {name: values[name] for name in sorted(values)},
        "output_prefix": output_prefix,
    }
    if metadata is not None:
        node = metadata.task_execution_id.node_execution_id
        seen["execution"] = {
            "project": node.execution_id.project,
            "domain": node.execution_id.domain,
            "name": node.execution_id.name,
            "node": node.node_id,
            "attempt": metadata.task_execution_id.retry_attempt,
            "namespace": metadata.namespace,
            "labels": metadata.labels,
            "annotations": metadata.annotations,
            "environment": metadata.environment_variables,
            "service_account": metadata.k8s_service_account,
        }
    return json.loads(json.dumps(seen, default=str))


class Twin(AsyncConnectorBase):
    name = "Twin"

    def __init__(self, version: int = 0) -> None:
        super().__init__(task_type_name="twin", task_type_version=version, metadata_type=TwinJob)

    async def create(
        self,
        task_template: TaskTemplate,
        output_prefix: str,
        inputs: Optional[LiteralMap],
        task_execution_metadata: Optional[TaskExecutionMetadata],
        **kwargs: Any,
    ) -> TwinJob:
        scenario, job_id = task_template.custom["scenario"], task_template.custom["job_id"]
        raise_if_asked(scenario, "create")
        if scenario == "slow create":
            await asyncio.sleep(5)
        if scenario == "vendor":
            vendor.start(job_id)
        seen = None
        if scenario == "seen":
            seen = await what_is_seen(task_template, inputs, output_prefix, task_execution_metadata)
        if scenario == "large job":
            return TwinJob(scenario, job_id, note="x" * 5_000)
        if scenario == "unwritable job":
            return TwinJob(scenario, job_id, seen={"at": OUTPUTS["time"]})
        return TwinJob(scenario, job_id, seen=seen)

    async def get(self, resource_meta: TwinJob, **kwargs: Any) -> Resource:
        raise_if_asked(resource_meta.scenario, "get")
        return await resource_of(resource_meta)

    async def delete(self, resource_meta: TwinJob, **kwargs: Any) -> None:
        raise_if_asked(resource_meta.scenario, "delete")
        if resource_meta.scenario == "vendor":
            vendor.stop(resource_meta.job_id)

    async def get_metrics(self, resource_meta: TwinJob, **kwargs: Any) -> GetTaskMetricsResponse:
        raise_if_asked(resource_meta.scenario, "metrics")
        result = ExecutionMetricResult(metric="cpu")
        ParseDict({"resultType": "matrix", "result": [{"values": [[0, "0.5"]]}]}, result.data)
        return GetTaskMetricsResponse(results=[result, ExecutionMetricResult(metric="Größe", data=Struct())])

    async def get_logs(self, resource_meta: TwinJob, **kwargs: Any) -> GetTaskLogsResponse:
        raise_if_asked(resource_meta.scenario, "logs")
        line = LogLine(message="first: Größe 💥", originator=LogLineOriginator.USER)
        line.timestamp.FromJsonString("2026-11-24T08:00:00.123Z")
        return GetTaskLogsResponse(body=GetTaskLogsResponseBody(structured_lines=[line]))


class PlainTwin(AsyncConnectorBase):
    """Has neither metrics nor logs."""

    name = "Plain Twin"

    def __init__(self) -> None:
        super().__init__(task_type_name="twin_plain", metadata_type=TwinJob)

    async def create(self, task_template: TaskTemplate, **kwargs: Any) -> TwinJob:
        return TwinJob(task_template.custom["scenario"], task_template.custom["job_id"])

    async def get(self, resource_meta: TwinJob, **kwargs: Any) -> Resource:
        return await resource_of(resource_meta)

    async def delete(self, resource_meta: TwinJob, **kwargs: Any) -> None:
        pass


class SyncTwin(SyncConnectorBase):
    name = "Sync Twin"

    def __init__(self) -> None:
        super().__init__(task_type_name="twin_sync")

    async def do(
        self, task_template: TaskTemplate, output_prefix: str, inputs: Optional[LiteralMap] = None, **kwargs: Any
    ) -> Resource:
        scenario = task_template.custom["scenario"]
        raise_if_asked(scenario, "do")
        if scenario == "seen":
            seen = await what_is_seen(task_template, inputs, output_prefix, None)
            return Resource(phase=SUCCEEDED, outputs={}, custom_info=seen)
        return await resource_of(TwinJob(scenario, task_template.custom["job_id"]))


ConnectorRegistry.register(Twin())
ConnectorRegistry.register(Twin(version=2))
ConnectorRegistry.register(PlainTwin())
ConnectorRegistry.register(SyncTwin())
