"""The agent that is measured, on flytekit's server: `pyflyte serve connector --modules flytekit_bench`."""

from dataclasses import dataclass
from typing import Any

from flyteidl.core.execution_pb2 import TaskExecution
from flytekit.extend.backend.base_connector import AsyncConnectorBase, ConnectorRegistry, Resource, ResourceMeta
from flytekit.models.task import TaskTemplate


@dataclass
class BenchJob(ResourceMeta):
    job_id: str


class Bench(AsyncConnectorBase):
    name = "Bench"

    def __init__(self) -> None:
        super().__init__(task_type_name="bench", metadata_type=BenchJob)

    async def create(self, task_template: TaskTemplate, inputs: Any = None, **kwargs: Any) -> BenchJob:
        return BenchJob(job_id=str((inputs and inputs.literals or {}).get("name", "job")))

    async def get(self, resource_meta: BenchJob, **kwargs: Any) -> Resource:
        return Resource(phase=TaskExecution.RUNNING, message="at work")

    async def delete(self, resource_meta: BenchJob, **kwargs: Any) -> None:
        return None


ConnectorRegistry.register(Bench())
