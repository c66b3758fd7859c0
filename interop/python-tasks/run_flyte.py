"""Runs the tasks of docs/python-tasks.md at an agent server, as Flyte 2 does: `run_flyte.py <port>`, one JSON line for each task."""

import asyncio
import json
import pathlib
import sys
from datetime import datetime, timezone

import flyte_tasks
import grpc
from flyte._internal.runtime.convert import Outputs, convert_from_native_to_inputs, convert_outputs_to_native
from flyte._internal.runtime.task_serde import get_proto_task
from flyte.models import SerializationContext
from flyteidl2.connector import connector_pb2, service_pb2_grpc
from flyteidl2.core import execution_pb2

CONTEXT = SerializationContext(project="p", domain="d", org="o", version="v1", root_dir=pathlib.Path.cwd())
phases = execution_pb2.TaskExecution


async def run(task, inputs):
    stub = service_pb2_grpc.AsyncConnectorServiceStub(channel)
    native = await convert_from_native_to_inputs(task.native_interface, **inputs)
    template = get_proto_task(task, CONTEXT)
    request = connector_pb2.CreateTaskRequest(template=template, inputs=native.proto_inputs, output_prefix="s3://b/p")
    job = (await stub.CreateTask(request)).resource_meta
    category = connector_pb2.TaskCategory(name=task.task_type)
    while True:
        request = connector_pb2.GetTaskRequest(task_category=category, resource_meta=job)
        resource = (await stub.GetTask(request)).resource
        if resource.phase in (phases.SUCCEEDED, phases.FAILED, phases.ABORTED, phases.RETRYABLE_FAILED):
            await stub.DeleteTask(connector_pb2.DeleteTaskRequest(task_category=category, resource_meta=job))
            return resource
        await asyncio.sleep(0.1)


async def main():
    global channel
    channel = grpc.aio.insecure_channel(f"127.0.0.1:{sys.argv[1]}")
    for task, inputs in (
        (flyte_tasks.timer, {"seconds": 0.5}),
        (flyte_tasks.echo, {"text": "héllo"}),
        (flyte_tasks.due, {"at": datetime.now(timezone.utc)}),
    ):
        resource = await run(task, inputs)
        found = await convert_outputs_to_native(task.native_interface, Outputs(resource.outputs))
        names = list(task.native_interface.outputs)
        values = () if not names else (found if isinstance(found, tuple) else (found,))
        outputs = {name: str(value) for name, value in zip(names, values)}
        phase = phases.Phase.Name(resource.phase)
        print(json.dumps({"type": task.task_type, "phase": phase, "outputs": outputs}))


asyncio.run(main())
