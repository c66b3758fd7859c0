"""The twin on flyte-sdk's server: `c0 --modules flyte_sdk_twin`."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, AsyncIterator, Dict, Optional

import vendor
from flyte.connectors import AsyncConnector, ConnectorRegistry, Resource, ResourceMeta
from flyte.errors import RuntimeUserError
from flyte.io import DataFrame, Dir, File
from flyteidl2.connector.connector_pb2 import (
    GetTaskLogsResponse,
    GetTaskLogsResponseBody,
    GetTaskLogsResponseHeader,
    GetTaskMetricsResponse,
    TaskExecutionMetadata,
)
from flyteidl2.core.execution_pb2 import TaskLog
from flyteidl2.core.metrics_pb2 import ExecutionMetricResult
from flyteidl2.core.tasks_pb2 import TaskTemplate
from flyteidl2.logs.dataplane.payload_pb2 import LogLine, LogLineOriginator
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from scenarios import ABORTED, ERRORS, OUTPUTS, RUNNING, SUCCEEDED, plain_resources, raise_if_asked

ERRORS["user"] = lambda: RuntimeUserError("BadTable", "use another table")

OUTPUTS["file"] = File(path="s3://bucket/key.csv")
OUTPUTS["file with format"] = File(path="s3://bucket/key.csv", format="csv")
OUTPUTS["folder"] = Dir(path="s3://bucket/folder")
OUTPUTS["table"] = DataFrame(uri="bq://project:dataset.table")


@dataclass
class TwinJob(ResourceMeta):
    scenario: str
    job_id: str
    note: str = ""
    seen: Optional[dict] = None


RESOURCES = plain_resources(Resource, TaskLog)


def resource_of(job: TwinJob) -> Resource:
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
    return Resource(phase=SUCCEEDED, outputs={"o": OUTPUTS[job.scenario.removeprefix("output ")]})


def what_is_seen(
    task: TaskTemplate,
    inputs: Optional[Dict[str, Any]],
    output_prefix: str,
    metadata: Optional[TaskExecutionMetadata],
    connection: Dict[str, str],
) -> Dict[str, Any]:
    values = inputs or {}
    seen: Dict[str, Any] = {
        "type": task.type,
        "version": task.task_type_version,
        "name": task.id.name,
        "custom": MessageToDict(task.custom),
        "config": dict(task.config),
        "sql": task.sql.statement if task.HasField("sql") else None,
        "container": None
        if not task.HasField("container")
        else {
            "image": task.container.image,
            "command": list(task.container.command),
            "args": list(task.container.args),
            "env": {pair.key: pair.value for pair in task.container.env},
        },
        "retries": task.metadata.retries.retries,
        "timeout_sec": task.metadata.timeout.seconds + task.metadata.timeout.nanos / 1e9,
        "secrets": [s.key for s in task.security_context.secrets],
        "inputs": {name: values[name] for name in sorted(values)},
        "output_prefix": output_prefix,
        "connection": connection,
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
            "labels": dict(metadata.labels),
            "annotations": dict(metadata.annotations),
            "environment": dict(metadata.environment_variables),
            "service_account": metadata.k8s_service_account,
        }
    return json.loads(json.dumps(seen, default=str))


class Twin(AsyncConnector[TwinJob]):
    name = "Twin"
    task_type_name = "twin"
    metadata_type = TwinJob

    def __init__(self, version: int = 0) -> None:
        self.task_type_version = version

    async def create(
        self,
        task_template: TaskTemplate,
        output_prefix: str,
        inputs: Optional[Dict[str, Any]] = None,
        task_execution_metadata: Optional[TaskExecutionMetadata] = None,
        **kwargs: Any,
    ) -> TwinJob:
        custom = MessageToDict(task_template.custom)
        scenario, job_id = custom["scenario"], custom["job_id"]
        raise_if_asked(scenario, "create")
        if scenario == "slow create":
            await asyncio.sleep(5)
        if scenario == "vendor":
            vendor.start(job_id)
        seen = None
        if scenario == "seen":
            seen = what_is_seen(task_template, inputs, output_prefix, task_execution_metadata, kwargs)
        if scenario == "large job":
            return TwinJob(scenario, job_id, note="x" * 5_000)
        if scenario == "unwritable job":
            return TwinJob(scenario, job_id, seen={"at": OUTPUTS["time"]})
        return TwinJob(scenario, job_id, seen=seen)

    async def get(self, resource_meta: TwinJob, **kwargs: Any) -> Resource:
        raise_if_asked(resource_meta.scenario, "get")
        if resource_meta.scenario == "connection":
            return Resource(phase=RUNNING, custom_info=dict(kwargs))
        return resource_of(resource_meta)

    async def delete(self, resource_meta: TwinJob, **kwargs: Any) -> None:
        raise_if_asked(resource_meta.scenario, "delete")
        if resource_meta.scenario == "vendor":
            vendor.stop(resource_meta.job_id)

    async def get_metrics(self, resource_meta: TwinJob, **kwargs: Any) -> GetTaskMetricsResponse:
        raise_if_asked(resource_meta.scenario, "metrics")
        result = ExecutionMetricResult(metric="cpu")
        ParseDict({"resultType": "matrix", "result": [{"values": [[0, "0.5"]]}]}, result.data)
        return GetTaskMetricsResponse(results=[result, ExecutionMetricResult(metric="Größe", data=Struct())])

    async def get_logs(self, resource_meta: TwinJob, token: str = "", **kwargs: Any) -> AsyncIterator[GetTaskLogsResponse]:
        raise_if_asked(resource_meta.scenario, "logs")
        if token == "2":
            yield GetTaskLogsResponse(body=GetTaskLogsResponseBody(lines=[LogLine(message="third")]))
            return
        first = LogLine(message="first: Größe 💥", originator=LogLineOriginator.USER)
        first.timestamp.FromJsonString("2026-11-24T08:00:00.123Z")
        second = LogLine(message="second", originator=LogLineOriginator.SYSTEM)
        yield GetTaskLogsResponse(body=GetTaskLogsResponseBody(lines=[first, second]))
        yield GetTaskLogsResponse(header=GetTaskLogsResponseHeader(token="2"))


class PlainTwin(AsyncConnector[TwinJob]):
    """Has neither metrics nor logs."""

    name = "Plain Twin"
    task_type_name = "twin_plain"
    metadata_type = TwinJob

    async def create(self, task_template: TaskTemplate, output_prefix: str, **kwargs: Any) -> TwinJob:
        custom = MessageToDict(task_template.custom)
        return TwinJob(custom["scenario"], custom["job_id"])

    async def get(self, resource_meta: TwinJob, **kwargs: Any) -> Resource:
        return resource_of(resource_meta)

    async def delete(self, resource_meta: TwinJob, **kwargs: Any) -> None:
        pass


ConnectorRegistry.register(Twin())
ConnectorRegistry.register(Twin(version=2))
ConnectorRegistry.register(PlainTwin())
