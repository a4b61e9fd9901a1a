"""AWS JSON 1.1 as the service itself speaks it: every request and every answer is held to botocore's own model.

botocore's validator finds what is missing, unknown or of the wrong type; lengths, patterns and choices, which it leaves
to the service, are found here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

Operation = Any
"""botocore's model of an operation; botocore says nothing of its types."""

CONTENT_TYPE = "application/x-amz-json-1.1"
# The header's first part of each service, and its name in botocore.
_SERVICES = {
    "AWSMPMeteringService": "meteringmarketplace",
    "AWSMPEntitlementService": "marketplace-entitlement",
    "AWSMPCommerceService_v20200301": "marketplace-agreement",
}
_OFFERED = ("ResolveCustomer", "BatchMeterUsage", "GetEntitlements", "DescribeAgreement")
_NAMESPACE = "com.amazonaws.marketplace"


class AwsError(Exception):
    """What the service answers in the place of a result: a code of its model, or one that every service has."""

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status

    def body(self) -> bytes:
        """As it stands on the wire."""
        return json.dumps({"__type": f"{_NAMESPACE}#{self.code}", "message": self.message}).encode()


def operation(target: str) -> Operation:
    """The operation that `X-Amz-Target` names; raises UnknownOperationException."""
    prefix, _, name = target.partition(".")
    if prefix not in _SERVICES or name not in _OFFERED or name not in _model(prefix).operation_names:
        raise AwsError("UnknownOperationException", "The operation is unknown.")
    return _model(prefix).operation_model(name)


def read(asked: Operation, body: bytes) -> dict[str, Any]:
    """The parameters of a request; raises SerializationException or ValidationException."""
    try:
        parameters = json.loads(body, parse_constant=_no_number)
    except ValueError:
        raise AwsError("SerializationException", "The body is not JSON.") from None
    if not isinstance(parameters, dict):
        raise AwsError("SerializationException", "The body is no structure.")
    known = cast("dict[str, Any]", parameters)
    if problems := list(_problems(known, asked.input_shape)):
        raise AwsError("ValidationException", "; ".join(problems)[:1000])
    return known


def write(asked: Operation, answer: dict[str, Any]) -> bytes:
    """An answer for the wire; raises ValueError when the service's model does not allow it, which is our bug."""
    if problems := list(_problems(answer, asked.output_shape)):
        raise ValueError(f"{asked.name} cannot answer so: {'; '.join(problems)}")
    return json.dumps(answer).encode()


def require_declared(asked: Operation, error: AwsError) -> None:
    """Raise ValueError for an error that the model of this operation does not have."""
    if error.code not in {str(shape.error_code or shape.name) for shape in asked.error_shapes}:
        raise ValueError(f"{asked.name} never answers {error.code}")


def _problems(value: Any, shape: Any) -> Iterator[str]:
    report = _validator().validate(value, shape)
    if report.has_errors():
        yield report.generate_report()
    else:
        yield from _beyond(value, shape, shape.name)


def _beyond(value: Any, shape: Any, path: str) -> Iterator[str]:
    """What the validator does not look at: lengths, patterns, choices, and moments that are no numbers."""
    yield from _own(value, shape, path)
    for member, kind, name in _members(value, shape):
        yield from _beyond(member, kind, f"{path}{name}")


def _members(value: Any, shape: Any) -> Iterator[tuple[Any, Any, str]]:
    """What a value holds, with the shapes of it."""
    if shape.type_name == "structure":
        for name, member in value.items():
            yield member, shape.members[name], f".{name}"
    elif shape.type_name == "map":
        for name, member in value.items():
            yield name, shape.key, " key"
            yield member, shape.value, f".{name}"
    elif shape.type_name == "list":
        for number, member in enumerate(value):
            yield member, shape.member, f"[{number}]"


def _own(value: Any, shape: Any, path: str) -> Iterator[str]:
    """What is wrong with a value itself."""
    kind, limits = shape.type_name, shape.metadata
    if kind in {"string", "list"}:
        yield from _size(len(value), limits, path)
    elif kind in {"integer", "long"}:
        yield from _size(value, limits, path)
    elif kind == "timestamp" and type(value) not in {int, float}:
        yield f"{path} is no number of seconds"
    if limits.get("enum") and value not in limits["enum"]:
        yield f"{path} is none of {', '.join(limits['enum'])}"
    if "pattern" in limits and not re.search(limits["pattern"], value):
        yield f"{path} does not match {limits['pattern']}"


def _size(size: int, limits: dict[str, Any], path: str) -> Iterator[str]:
    if size < limits.get("min", size):
        yield f"{path} is less than {limits['min']}"
    if size > limits.get("max", size):
        yield f"{path} is more than {limits['max']}"


@cache
def _model(prefix: str) -> Any:
    import botocore.session  # takes a while to load, and few calls come

    session: Any = botocore.session
    return session.get_session().get_service_model(_SERVICES[prefix])


@cache
def _validator() -> Any:
    import botocore.validate

    return cast("Any", botocore.validate).ParamValidator()


def _no_number(name: str) -> float:
    raise ValueError(name)
