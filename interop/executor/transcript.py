"""What went over the wire, as lines of JSON."""

import json
import threading
import time

import grpc
from google.protobuf.json_format import MessageToDict


class Transcript(grpc.UnaryUnaryClientInterceptor):
    """Records every unary call. A file name of None keeps no file."""

    def __init__(self, file_name: str | None):
        self._file = open(file_name, "w", encoding="utf-8") if file_name else None
        self._lock = threading.Lock()
        self.calls: list[dict] = []

    def intercept_unary_unary(self, continuation, client_call_details, request):
        began = time.monotonic()
        outcome = continuation(client_call_details, request)
        call = {
            "method": client_call_details.method.rsplit("/", 1)[1],
            "request": MessageToDict(request),
            "status": outcome.code().name,
            "message": outcome.details(),
            "seconds": round(time.monotonic() - began, 4),
        }
        if outcome.code() is grpc.StatusCode.OK:
            call["answer"] = MessageToDict(outcome.result())
        with self._lock:
            self.calls.append(call)
            if self._file:
                self._file.write(json.dumps(call) + "\n")
                self._file.flush()
        return outcome

    def of(self, method: str) -> list[dict]:
        return [call for call in self.calls if call["method"] == method]
