"""Writes what flyte-sdk's `BigQueryTask` sends: `python flyte_sdk_templates.py FOLDER`."""

import asyncio
import pathlib
import sys
import typing

import pydantic
from flyte._internal.runtime.task_serde import translate_task_to_wire
from flyte.io import DataFrame, File
from flyte.models import SerializationContext
from flyte.types import TypeEngine
from flyteidl2.task import common_pb2
from flyteplugins.bigquery import BigQueryConfig, BigQueryTask
from flyteplugins.bigquery.connector import BigQueryMetadata
from query_cases import CASES, PROJECT, QueryCase, parameters
from template_files import TemplateFiles

CONTEXT = SerializationContext(project="shop", domain="production", version="v7", org="acme")


class Parcel(pydantic.BaseModel):
    weight: float
    tags: typing.List[str]


# Values of types that only flyte-sdk has.
OWN_CASES = {
    "file": parameters("a file, which is no value for SQL", report=(File, File(path="s3://bucket/report.csv"))),
    "pydantic": parameters("a model of pydantic", parcel=(Parcel, Parcel(weight=2.0, tags=["a"]))),
}


def main(folder: pathlib.Path) -> None:
    files = TemplateFiles(folder)
    for name, case in {**CASES, **OWN_CASES}.items():
        write(files, name, case)
    case = QueryCase("credentials in a secret, whose value Flyte puts in", "SELECT 1 AS one")
    write(files, "secret", case, google_application_credentials="BIGQUERY_KEY")
    for name, location in (("eu", "EU"), ("without-location", None)):
        user_agent = "Flyte/2.12.1 (GPN:Union;production)"
        job = BigQueryMetadata(job_id="flyte_1", project=PROJECT, location=location, user_agent=user_agent)
        files.write_job(name, job.encode())


def write(files: TemplateFiles, name: str, case: QueryCase, **arguments: str) -> None:
    task = BigQueryTask(
        name=f"daily.{name.replace('-', '_')}",
        query_template=case.query,
        plugin_config=BigQueryConfig(ProjectID=PROJECT, Location=case.location, QueryJobConfig=case.job_config),
        inputs={key: python_type for key, (python_type, _) in case.inputs.items()} or None,
        output_dataframe_type=DataFrame if case.has_results else None,
        **arguments,
    )
    template = translate_task_to_wire(task, CONTEXT).task_template
    literals = [
        common_pb2.NamedLiteral(
            name=key,
            value=asyncio.run(TypeEngine.to_literal(value, python_type, TypeEngine.to_literal_type(python_type))),
        )
        for key, (python_type, value) in case.inputs.items()
    ]
    files.write(name, case, template, common_pb2.Inputs(literals=literals))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
