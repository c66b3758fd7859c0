"""Drives an agent server as Flyte 2's executor does.

python executor_client.py -case NAME -endpoint HOST:PORT -store FOLDER
python executor_client.py -list

It prints one line of JSON for each step and one for the result, and exits with 1 if the case failed.
"""

import argparse
import json
import signal
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace

from cases import CASES, NEED_OWN_SERVER
from transcript import Transcript

TIME_LIMIT_S = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-case", choices=list(CASES))
    parser.add_argument("-endpoint", help="address of the server, host:port")
    parser.add_argument("-canary", help="address of another server, host:port")
    parser.add_argument("-store", help="folder of the blob store")
    parser.add_argument("-fixtures", help="folder of interop/fixtures/flytekit-…")
    parser.add_argument("-transcript", help="file for the calls as lines of JSON")
    parser.add_argument("-list", action="store_true", help="print the cases as JSON and end")
    flags = parser.parse_args()
    if flags.list:
        print(json.dumps([{"name": name, "needsOwnServer": name in NEED_OWN_SERVER, "plugins": None} for name in CASES]))
        return 0
    session = SimpleNamespace(
        name=flags.case,
        endpoint=flags.endpoint,
        canary=flags.canary,
        # The agents are told of files in it.
        store=str(Path(flags.store).resolve()),
        fixtures=flags.fixtures,
        transcript=Transcript(flags.transcript),
    )
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(TIME_LIMIT_S)
    try:
        CASES[flags.case](session)
    except Exception as error:
        traceback.print_exc()
        report(flags.case, "failed", f"{type(error).__name__}: {error}")
        return 1
    report(flags.case, "passed", None)
    return 0


def give_up(*_) -> None:
    raise TimeoutError(f"no end after {TIME_LIMIT_S} s")


def report(case: str, step: str, details: str | None) -> None:
    print(json.dumps({"case": case, "step": step, "details": details}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
