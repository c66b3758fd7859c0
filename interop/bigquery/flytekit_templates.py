"""Writes what flytekit's `BigQueryTask` sends: `python flytekit_templates.py FOLDER`."""

import asyncio
import pathlib
import sys
import typing
from collections import OrderedDict

from flytekit import FlyteContextManager, StructuredDataset, kwtypes
from flytekit.configuration import SerializationSettings
from flytekit.core.type_engine import TypeEngine
from flytekit.tools.translator import get_serializable
from flytekit.types.file import FlyteFile
from flytekitplugins.bigquery import BigQueryConfig, BigQueryTask
from flytekitplugins.bigquery.connector import BigQueryMetadata
from query_cases import CASES, PROJECT, QueryCase, parameters
from template_files import TemplateFiles
from typing_extensions import Annotated

SETTINGS = SerializationSettings(project="shop", domain="production", version="v7", image_config=None)
# A value of flytekit's own type, which the shared cases cannot name.
OWN_CASES = {
    "file": parameters("a file, which is no value for SQL", report=(FlyteFile, FlyteFile("s3://bucket/report.csv"))),
}


def main(folder: pathlib.Path) -> None:
    files = TemplateFiles(folder)
    context = FlyteContextManager.current_context()
    for name, case in {**CASES, **OWN_CASES}.items():
        results = StructuredDataset if case.has_results else None
        write(files, context, name, case, results)
    columns = Annotated[StructuredDataset, kwtypes(id=int, kind=str)]
    case = QueryCase("results whose columns the task declares", "SELECT 1 AS id, 'a' AS kind")
    write(files, context, "result-columns", case, columns)
    for name, location in (("eu", "EU"), ("without-location", None)):
        files.write_job(name, BigQueryMetadata(job_id="flyte_1", project=PROJECT, location=location).encode())


def write(files: TemplateFiles, context, name: str, case: QueryCase, results: typing.Optional[typing.Type]) -> None:
    types = {key: python_type for key, (python_type, _) in case.inputs.items()}
    task = BigQueryTask(
        name=f"daily.{name.replace('-', '_')}",
        query_template=case.query,
        task_config=BigQueryConfig(ProjectID=PROJECT, Location=case.location, QueryJobConfig=case.job_config),
        inputs=types or None,
        output_structured_dataset_type=results,
    )
    template = get_serializable(OrderedDict(), SETTINGS, task).to_flyte_idl().template
    values = {key: value for key, (_, value) in case.inputs.items()}
    inputs = asyncio.run(TypeEngine.dict_to_literal_map_pb(context, values, types))
    for literal in inputs.literals.values():
        if literal.scalar.blob.metadata.type.format == "PythonPickle":
            # It lies under a random name.
            literal.scalar.blob.uri = "s3://metadata/raw/pickle"
    files.write(name, case, template, inputs)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
