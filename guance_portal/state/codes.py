"""获取验证码: a form with a code from an email, and the button that has it sent."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import reflex as rx

from guance_portal.accounts.codes.rules import RESEND_AFTER, CodeJustSentError, CodeTooSoonError
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import text
from guance_portal.state.base import FORM, FormMixin

T = TypeVar("T")


class CodeMixin(FormMixin, mixin=True):
    """A form with a code.

    `wait` counts the seconds until another may be sent, `sends` makes it count again; `answers` grows with every
    answer, a refusal too.

    A handler is three moves: `_begin_sending`, yield, and `_send` what asks the service for the email.
    """

    is_sending: rx.Field[bool] = rx.field(default=False)
    wait: rx.Field[int] = rx.field(default=0)
    sends: rx.Field[int] = rx.field(default=0)
    answers: rx.Field[int] = rx.field(default=0)

    def _begin_sending(self, *fields: str) -> bool:
        """Mark the button busy and forget what was wrong with these fields; False while a code is being sent."""
        if self.is_sending:
            return False
        self.is_sending = True
        for field in fields:
            self.problems.pop(field, None)
        return True

    async def _send(
        self, asked: Awaitable[T], *, code: str = "code", otherwise: str = FORM
    ) -> tuple[T | None, PortalError | None]:
        """Wait for the email: what the service answers, or why it was refused.

        Neither when it went out just now: the button was pressed twice. What was asked for too soon stands at the
        field `code`, a refusal that names no field at `otherwise`. Whatever happens, the button can be pressed again:
        what nobody expected is told as a fault.
        """
        try:
            sent = await asked
        except CodeJustSentError as error:
            self._rest(error.seconds)
            return None, None
        except CodeTooSoonError as error:
            self._rest(error.seconds)
            self.problems[code] = text(error.code, **error.params)
            return None, error
        except PortalError as error:
            self.problems[code if error.field == "code" else error.field or otherwise] = text(
                error.code, **error.params
            )
            return None, error
        else:
            self._rest(RESEND_AFTER.seconds)
            return sent, None
        finally:
            self.is_sending = False
            self.answers += 1

    def _rest(self, seconds: int) -> None:
        self.wait, self.sends = seconds, self.sends + 1
