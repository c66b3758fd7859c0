"""The vendor that all twins talk to: a folder with one file for each job, which holds the state of the job.

`TWIN_VENDOR_FOLDER` names the folder. A job that one server has started, another one can watch and stop.
"""

import os
from pathlib import Path


def start(job_id: str) -> None:
    _file(job_id).write_text("running")


def state(job_id: str) -> str:
    """Raises FileNotFoundError for a job that was never started."""
    return _file(job_id).read_text()


def stop(job_id: str) -> None:
    if state(job_id) == "running":
        _file(job_id).write_text("stopped")


def _file(job_id: str) -> Path:
    return Path(os.environ["TWIN_VENDOR_FOLDER"]) / job_id
