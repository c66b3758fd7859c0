"""Where the templates go: `<folder>/<case>/` with `task-template.pb`, `inputs.pb` and `about.json`."""

import json
import pathlib
import shutil

from google.protobuf.message import Message

from query_cases import QueryCase


class TemplateFiles:
    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)

    def write(self, name: str, case: QueryCase, template: Message, inputs: Message) -> None:
        folder = self.folder / name
        folder.mkdir(parents=True)
        (folder / "task-template.pb").write_bytes(template.SerializeToString(deterministic=True))
        (folder / "inputs.pb").write_bytes(inputs.SerializeToString(deterministic=True))
        about = {"description": case.description, "inputs": {key: repr(value) for key, (_, value) in case.inputs.items()}}
        (folder / "about.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n")

    def write_job(self, name: str, job: bytes) -> None:
        folder = self.folder / "jobs"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.bin").write_bytes(job)
