"""A small AWS over real HTTP: it answers boto3 as it is told to, and holds every request and answer to botocore's model."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self, cast

import botocore.session
from botocore.validate import ParamValidator

TARGETS = {
    "AWSMPMeteringService": "meteringmarketplace",
    "AWSMPEntitlementService": "marketplace-entitlement",
    "AWSMPCommerceService_v20200301": "marketplace-agreement",
}


class Refusal(Exception):  # noqa: N818 - what AWS answers, not a fault
    """An error as AWS writes it."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came."""

    path: str
    operation: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked."""
        return json.loads(self.body)


@dataclass(slots=True)
class AwsPeer:
    """Answers on a free port. `answers` is asked with the request; `tokens` are answers to ResolveCustomer by token,
    `agreements` those to DescribeAgreement by agreement.

    After `delay` seconds it answers; when it `drips`, a byte in half a second.
    """

    answers: Callable[[Asked], dict[str, Any]] | None = None
    tokens: dict[str, dict[str, Any] | Refusal] = field(default_factory=dict[str, "dict[str, Any] | Refusal"])
    agreements: dict[str, dict[str, Any]] = field(default_factory=dict[str, "dict[str, Any]"])
    entitled: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    delay: float = 0.0
    drips: bool = False
    refusal: Refusal | None = None
    asked: list[Asked] = field(default_factory=list[Asked])
    fetched: list[str] = field(default_factory=list[str])
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        peer = self

        class Handler(_Handler):
            owner = peer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server
        return self._server.server_port

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, asked: Asked) -> dict[str, Any]:
        """What it says to a request that fits the model."""
        if self.refusal:
            raise self.refusal
        if self.answers:
            return self.answers(asked)
        if asked.operation == "ResolveCustomer":
            found = self.tokens.get(asked.parameters["RegistrationToken"], Refusal("InvalidTokenException"))
            if isinstance(found, Refusal):
                raise found
            if found.get("_at", asked.path) != asked.path:
                raise Refusal("InvalidTokenException")
            return {name: value for name, value in found.items() if not name.startswith("_")}
        if asked.operation == "DescribeAgreement":
            if asked.parameters["agreementId"] not in self.agreements:
                raise Refusal("ResourceNotFoundException")
            return self.agreements[asked.parameters["agreementId"]]
        return {"Entitlements": self.entitled}


class _Handler(BaseHTTPRequestHandler):
    owner: ClassVar[AwsPeer]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        service, _, operation = self.headers.get("x-amz-target", ".").partition(".")
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(path=self.path.rstrip("/"), operation=operation, headers=headers, body=body)
        self.owner.asked.append(asked)
        time.sleep(self.owner.delay)
        model = botocore.session.get_session().get_service_model(TARGETS[service]).operation_model(operation)
        try:
            _hold(asked.parameters, model.input_shape)
            said = self.owner.answer(asked)
            _hold(said, model.output_shape)
            self._send(200, json.dumps(said).encode())
        except Refusal as refusal:
            said = {"__type": f"com.amazonaws#{refusal.code}", "message": "no"}
            self._send(refusal.status, json.dumps(said).encode())

    def do_GET(self) -> None:
        self.owner.fetched.append(self.path)
        found = self.owner.files.get(self.path.partition("?")[0])
        self._send(404 if found is None else 200, found or b"")

    def _send(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("content-type", "application/x-amz-json-1.1")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            for piece in [body[number : number + 1] for number in range(len(body))] if self.owner.drips else [body]:
                self.wfile.write(piece)
                time.sleep(0.5 if self.owner.drips else 0)
        except OSError:  # the client has gone
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has there
        """Quiet."""


def _hold(said: dict[str, Any], shape: Any) -> None:
    report = cast("Any", ParamValidator()).validate(said, shape)
    assert not report.has_errors(), report.generate_report()
