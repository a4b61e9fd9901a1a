"""Failures a person can understand: a fixed code and its parameters, never prose."""

from __future__ import annotations

from typing import ClassVar

from guance_portal.core.messages import Text


class PortalError(Exception):
    """A refusal with a reason that can be told to the person who asked.

    `code`, which each kind declares behind its name, is the key of its words (`messages/*.toml`); `params` fill their
    placeholders; `field` names the form field at fault, when there is one.
    """

    code: ClassVar[str]

    def __init_subclass__(cls, *, code: str = "") -> None:
        super().__init_subclass__()
        if code:
            cls.code = code

    def __init__(self, *, field: str = "", **params: str | int | Text) -> None:
        super().__init__(self.code)
        self.field = field
        self.params = params


class NotSignedInError(PortalError, code="errors.not_signed_in"):
    """No live session of the realm that the act needs."""


class NotAllowedError(PortalError, code="errors.not_allowed"):
    """A live session, but of somebody who may not do this."""


class TooManyAttemptsError(PortalError, code="errors.too_many_attempts"):
    """A limit on how often this may be tried was reached. Parameter: minutes until it may be again."""
