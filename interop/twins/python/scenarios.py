"""What both Python twins do, whatever the SDK. `../plugin/scenarios.ts` says the same in TypeScript.

A task's `custom` is `{"scenario": NAME, "job_id": ID}`. A scenario named `raise OPERATION KIND` raises an error of that
kind in that operation; every other one is a line below and says what `get` answers.
"""

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict

UNDEFINED, QUEUED, RUNNING, SUCCEEDED, ABORTED, FAILED, INITIALIZING, WAITING_FOR_RESOURCES, RETRYABLE_FAILED = range(9)

CUSTOM_INFO = {
    "rows": 12,
    "ratio": 0.5,
    "name": "Größe 💥",
    "nothing": None,
    "nested": {"list": [1, "two", False, None, [], {}], "empty": {}},
}

ERRORS: Dict[str, Callable[[], BaseException]] = {
    "plain": lambda: ValueError("the vendor said no"),
    "lines": lambda: RuntimeError("first line\nsecond line: Größe 💥 100%"),
    "silent": lambda: RuntimeError(),
    "long": lambda: RuntimeError("x" * 20_000),
    "unavailable": lambda: ConnectionError("the vendor does not answer"),
    "refused": lambda: PermissionError("the vendor refuses"),
    "gone": lambda: FileNotFoundError("the vendor does not know the job"),
    # Not an Exception, so that the servers' `except Exception` does not see it.
    "odd": lambda: asyncio.CancelledError(),
}


def raise_if_asked(scenario: str, operation: str) -> None:
    prefix = f"raise {operation} "
    if scenario.startswith(prefix):
        raise ERRORS[scenario[len(prefix) :]]()


def plain_resources(resource: Callable[..., Any], log: Callable[..., Any]) -> Dict[str, Callable[[], Any]]:
    """Answers that need nothing but the SDK's classes Resource and TaskLog."""
    return {
        "undefined": lambda: resource(phase=UNDEFINED),
        "queued": lambda: resource(phase=QUEUED, message="third in the queue"),
        "waiting for resources": lambda: resource(phase=WAITING_FOR_RESOURCES, message="no machine is free"),
        "initializing": lambda: resource(phase=INITIALIZING, message="pulling the image"),
        "running": lambda: resource(phase=RUNNING, message="step 3 of 7"),
        "running without message": lambda: resource(phase=RUNNING),
        "succeeded": lambda: resource(phase=SUCCEEDED, message="done", outputs={}),
        "aborted": lambda: resource(phase=ABORTED, message="stopped by an operator"),
        "failed": lambda: resource(phase=FAILED, message="table not found"),
        "failed in lines": lambda: resource(phase=FAILED, message="first line\n\tsecond line: Größe 💥 100%"),
        "failed at length": lambda: resource(phase=FAILED, message="x" * 5_000),
        "retryable failed": lambda: resource(phase=RETRYABLE_FAILED, message="the machine was taken away"),
        "written to a file": lambda: resource(phase=SUCCEEDED),
        "links": lambda: resource(
            phase=RUNNING,
            log_links=[
                log(uri="https://vendor.example/jobs/1?a=b&c=d#e", name="Console"),
                log(uri="http://vendor.example/logs/Größe", name="Größe 💥"),
            ],
        ),
        "links of other kinds": lambda: resource(
            phase=RUNNING, log_links=[log(uri="s3://bucket/log", name="S3"), log(uri="/var/log/job", name="file")]
        ),
        "custom info": lambda: resource(phase=RUNNING, custom_info=CUSTOM_INFO),
        "empty custom info": lambda: resource(phase=RUNNING, custom_info={}),
        "failed with everything": lambda: resource(
            phase=FAILED,
            message="table not found",
            log_links=[log(uri="https://vendor.example/jobs/1", name="Console")],
            custom_info=CUSTOM_INFO,
        ),
        "running with outputs": lambda: resource(phase=RUNNING, outputs={"o": "too early"}),
        "failed with outputs": lambda: resource(phase=FAILED, message="half done", outputs={"o": "half"}),
        "large": lambda: resource(phase=SUCCEEDED, outputs={"o": "x" * (5 * 1024 * 1024)}),
    }


OUTPUTS: Dict[str, Any] = {
    "text": "Größe 💥\n",
    "empty text": "",
    "integer": 42,
    "largest integer": 2**63 - 1,
    "smallest integer": -(2**63),
    "float": 1.5,
    "whole float": 2.0,
    "tiny float": 5e-324,
    "infinity": float("inf"),
    "not a number": float("nan"),
    "true": True,
    "false": False,
    "none": None,
    "time": datetime(2026, 11, 24, 8, 0, 0, 123456, timezone.utc),
    "time before 1970": datetime(1901, 2, 3, 4, 5, 6, 7, timezone.utc),
    "duration": timedelta(days=3, seconds=90, microseconds=500_000),
    "negative duration": timedelta(seconds=-90, microseconds=-500_000),
    "structure": {"a": 1, "b": [1.5, "x", None, True, 2.0], "c": {"d": {}}},
    "empty structure": {},
    "list": [1, 2, 3],
}
"""One output named `o`, converted by the look of the value."""
