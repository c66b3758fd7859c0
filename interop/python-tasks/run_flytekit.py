"""Runs the tasks of docs/python-tasks.md at an agent server, as FlytePropeller does: `run_flytekit.py <port>`, one JSON line for each task."""

import json
import sys
import time
from collections import OrderedDict
from datetime import datetime, timezone

import flytekit_tasks
import grpc
from flyteidl.admin import agent_pb2
from flyteidl.core import execution_pb2
from flyteidl.service import agent_pb2_grpc
from flytekit import FlyteContextManager
from flytekit.configuration import Image, ImageConfig, SerializationSettings
from flytekit.core.type_engine import TypeEngine
from flytekit.models.literals import LiteralMap
from flytekit.tools.translator import get_serializable

SETTINGS = SerializationSettings(
    project="flytesnacks",
    domain="development",
    version="v1",
    image_config=ImageConfig(default_image=Image(name="default", fqn="example.com/none", tag="none")),
)
SYNC = {"echo"}
channel = grpc.insecure_channel(f"127.0.0.1:{sys.argv[1]}")
context = FlyteContextManager.current_context()


def run(task, inputs):
    template = get_serializable(OrderedDict(), SETTINGS, task).template.to_flyte_idl()
    literals = TypeEngine.dict_to_literal_map(context, inputs, type_hints=task.get_input_types()).to_flyte_idl()
    if task.task_type in SYNC:
        stub = agent_pb2_grpc.SyncAgentServiceStub(channel)
        header = agent_pb2.CreateRequestHeader(template=template, output_prefix="s3://b/p")
        requests = [
            agent_pb2.ExecuteTaskSyncRequest(header=header),
            agent_pb2.ExecuteTaskSyncRequest(inputs=literals),
        ]
        return next(a.header.resource for a in stub.ExecuteTaskSync(iter(requests)) if a.HasField("header"))
    stub = agent_pb2_grpc.AsyncAgentServiceStub(channel)
    request = agent_pb2.CreateTaskRequest(template=template, inputs=literals, output_prefix="s3://b/p")
    job = stub.CreateTask(request).resource_meta
    category = agent_pb2.TaskCategory(name=task.task_type)
    phases = execution_pb2.TaskExecution
    while True:
        resource = stub.GetTask(agent_pb2.GetTaskRequest(task_category=category, resource_meta=job)).resource
        if resource.phase in (phases.SUCCEEDED, phases.FAILED, phases.ABORTED, phases.RETRYABLE_FAILED):
            stub.DeleteTask(agent_pb2.DeleteTaskRequest(task_category=category, resource_meta=job))
            return resource
        time.sleep(0.1)


for task, inputs in (
    (flytekit_tasks.timer, {"seconds": 0.5}),
    (flytekit_tasks.echo, {"text": "héllo"}),
    (flytekit_tasks.due, {"at": datetime.now(timezone.utc)}),
):
    resource = run(task, inputs)
    outputs = LiteralMap.from_flyte_idl(resource.outputs)
    values = TypeEngine.literal_map_to_kwargs(context, outputs, task.python_interface.outputs)
    phase = execution_pb2.TaskExecution.Phase.Name(resource.phase)
    print(json.dumps({"type": task.task_type, "phase": phase, "outputs": {k: str(v) for k, v in values.items()}}))
