"""A collector of OpenTelemetry spans over real HTTP, by OTLP in Protobuf."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.fixtures.patience import DEADLINE

Values = dict[str, str | int]


@dataclass(frozen=True)
class Received:
    """One span: ids in hexadecimal, `parent` empty for the first of a trace."""

    name: str
    kind: int
    trace: str
    id: str
    parent: str
    failed: bool
    attributes: Values
    of_service: Values


class TraceCollector:
    """Context manager of a listening collector: all spans that came, and what they came as."""

    def __init__(self) -> None:
        self.spans: list[Received] = []
        self.bodies: list[bytes] = []
        self.headers: list[Mapping[str, str]] = []
        self.changed = threading.Condition()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_right = self.path == "/v1/traces"
                if is_right:
                    collector.receive(body, dict(self.headers.items()))
                self.send_response(200 if is_right else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def receive(self, body: bytes, headers: Mapping[str, str]) -> None:
        sent = ExportTraceServiceRequest.FromString(body)
        with self.changed:
            self.bodies.append(body)
            self.headers.append(headers)
            for resource in sent.resource_spans:
                of_service = values(resource.resource.attributes)
                for scope in resource.scope_spans:
                    self.spans += [received(span, of_service) for span in scope.spans]
            self.changed.notify_all()

    def wait_for(self, wanted: Callable[[Received], bool]) -> Received:
        """The first span that is wanted, once it has come."""
        with self.changed:
            came = self.changed.wait_for(lambda: any(map(wanted, self.spans)), DEADLINE)
            assert came, "\n".join(map(repr, self.spans))
            return next(filter(wanted, self.spans))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def received(span: Span, of_service: Values) -> Received:
    return Received(
        span.name,
        span.kind,
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.status.code == Status.STATUS_CODE_ERROR,
        values(span.attributes),
        of_service,
    )


def values(attributes: "list[KeyValue]") -> Values:
    return {each.key: each.value.string_value or each.value.int_value for each in attributes}
