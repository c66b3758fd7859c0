#!/usr/bin/env bash
# Remakes the templates with the real flytekit and flyte-sdk, in virtual environments that are removed afterwards.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

fixtures=../../plugins/bigquery/test/fixtures
environments=$(mktemp -d)
trap 'rm -rf "$environments"' EXIT
# Pickles of sets come out in the order of hashes.
export PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 FLYTE_SDK_LOGGING_LEVEL=50

remake() {
  "${PYTHON:-python3.11}" -m venv "$environments/$1"
  "$environments/$1/bin/pip" install --quiet --requirement "requirements-$1.txt"
  "$environments/$1/bin/python" "$2" "$fixtures/$3"
}
remake flytekit flytekit_templates.py flytekit-1.16.31
remake flyte-sdk flyte_sdk_templates.py flyte-sdk-2.12.1
