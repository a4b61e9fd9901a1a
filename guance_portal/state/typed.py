"""A form whose fields stand in a model: what was typed, and what is wrong with a field once it was left."""

from __future__ import annotations

import reflex as rx

from guance_portal.accounts.identity import password_rules
from guance_portal.accounts.identity.password_rules import PasswordVerdict
from guance_portal.bootstrap import services
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.forms import FieldKind, Form
from guance_portal.core.messages import Text, text
from guance_portal.onboarding.rules import PasswordMissingError
from guance_portal.state.base import FormMixin


class TypedMixin(FormMixin, mixin=True):
    """`typed` holds the texts of the form by field, as loaded and as typed since; a secret is never among them."""

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=dict)

    def _take(self, form: Form) -> None:
        """Show what was typed before."""
        self.typed = form.texts()

    def _type(self, form: type[Form], field: str, value: str) -> bool:
        """Know what is typed, and judge it again where it was wrong; False when nothing has changed.

        A username is looked up while it is typed, which says more than its rules.
        """
        if self.typed.get(field) == value:
            return False
        self.typed[field] = value
        if field in self.problems and form.asked()[field].kind is not FieldKind.USERNAME:
            self._judge(field, form.of(self.typed).problem_of(field, is_empty_wrong=True))
        return True

    def _leave(self, form: type[Form], field: str, value: str) -> None:
        """Say what is wrong with a field that is left; what was said of the same value before stays."""
        if field not in self.problems:
            self._judge(field, form.of({**self.typed, field: value}).problem_of(field))

    def _leave_unkept(self, form: type[Form], field: str, value: str) -> None:
        """The same where nothing is known of what is typed before it is sent, and where only rules speak against it.

        It may come after the form was refused: then the field is judged as strictly, and the same is said once more.
        """
        strictly = field in self.problems
        self._judge(field, form.of({**self.typed, field: value}).problem_of(field, is_empty_wrong=strictly))


def _broken_rules() -> list[Text]:
    return [
        text(PasswordMissingError.code),
        text(password_rules.PasswordTooShortError.code, shortest=password_rules.SHORTEST),
        text(password_rules.PasswordTooLongError.code, longest=password_rules.LONGEST),
        text(password_rules.PasswordHasNameError.code),
        text(password_rules.PasswordWeakError.code),
    ]


class PasswordMixin(FormMixin, mixin=True):
    """A form with a new password: its `score` for the meter (0 to 4, -1 for none), and what is wrong with it."""

    score: rx.Field[int] = rx.field(default=-1)

    async def _rate_password(self, field: str, password: str, username: str = "", email: str = "") -> None:
        """Score what is typed, and judge it again where it broke a rule; what else was said of it stays."""
        verdict = await self._verdict(password, username, email)
        self.score = verdict.score if verdict else -1
        if verdict and self.problems.get(field) in _broken_rules():
            self._judge(field, verdict.problem)

    async def _leave_password(self, field: str, password: str, username: str = "", email: str = "") -> None:
        """Say what is wrong with a password that is left; what was said of it before stays."""
        if field not in self.problems and (verdict := await self._verdict(password, username, email)):
            self._judge(field, verdict.problem)

    async def _verdict(self, password: str, username: str = "", email: str = "") -> PasswordVerdict | None:
        if not password:
            return None
        try:
            return await services().passwords.judge(password, self._caller(), username=username, email=email)
        except TooManyAttemptsError:
            return None
