"""The agent that is measured, on flyte-sdk's server: `c0 --modules flyte_sdk_bench`."""

from dataclasses import dataclass
from typing import Any

from flyte.connectors import AsyncConnector, ConnectorRegistry, Resource, ResourceMeta
from flyteidl2.core.execution_pb2 import TaskExecution
from flyteidl2.core.tasks_pb2 import TaskTemplate


@dataclass
class BenchJob(ResourceMeta):
    job_id: str


class Bench(AsyncConnector[BenchJob]):
    name = "Bench"
    task_type_name = "bench"
    metadata_type = BenchJob

    async def create(self, task_template: TaskTemplate, output_prefix: str, inputs: Any = None, **kwargs: Any) -> BenchJob:
        return BenchJob(job_id=str((inputs or {}).get("name", "job")))

    async def get(self, resource_meta: BenchJob, **kwargs: Any) -> Resource:
        return Resource(phase=TaskExecution.RUNNING, message="at work")

    async def delete(self, resource_meta: BenchJob, **kwargs: Any) -> None:
        return None


ConnectorRegistry.register(Bench())
