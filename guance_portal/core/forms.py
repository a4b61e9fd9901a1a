"""Forms, each declared once: what is known of a field stands beside it in its model, and everything else derives from that.

A form is a Pydantic model. A field that people fill in carries an `Asked`; what comes along with it (the language of the
page, the versions of agreements) carries its limit alone. The browser's event is held to the model by the gate, the
fields are shown by `components/form_fields.py`, a draft keeps the fields that are kept, and `read` gives clean values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from guance_portal.core import plain
from guance_portal.core.checklist import Checklist
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text


class FieldKind(StrEnum):
    """What sort of control a field is."""

    LINE = "line"
    EMAIL = "email"
    PHONE = "phone"
    USERNAME = "username"
    TEXT = "text"
    CHOICE = "choice"
    SITE = "site"
    SWITCH = "switch"
    PASSWORD = "password"
    CODE = "code"
    SEARCH = "search"
    DATE = "date"


Options = Mapping[str, Mapping[str, Text]]
SECRET = frozenset({FieldKind.PASSWORD, FieldKind.CODE})
"""What no draft, no log and no page ever gets back."""
_MOST = {FieldKind.TEXT: plain.LONGEST_TEXT, FieldKind.PASSWORD: 1000, FieldKind.CODE: 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A field that people fill in.

    `label` and `help` are keys of the catalogues. `check` gives the clean value of what was typed or raises what is
    wrong; `check_in` does so for a field that depends on others, and gets the whole form. `required` may depend on the
    form as well. `most` characters are let through: far more than the rule allows, so that too many are refused in
    words. `options` are the values of a choice with their names, by the heading (a key, or empty) that they stand under. `missing` is what is said when it is sent empty, by a form that has
    no other rule for it. `column` is the row's, where it has another name than the field.
    `is_narrow`: two such neighbours share a line. `swaps`: in English the groups of options stand the other way round.
    """

    label: str
    kind: FieldKind = FieldKind.LINE
    check: Callable[[str], str] | None = None
    check_in: Callable[[Any], str] | None = None
    required: bool | Callable[[Any], bool] = True
    most: int = 0
    autocomplete: str = "off"
    help: str = ""
    missing: str = ""
    column: str = ""
    options: Callable[[], Options] | None = None
    is_narrow: bool = False
    swaps: bool = False

    def __post_init__(self) -> None:
        """Refuse a check that is none: in a model the name of a field hides a function of the same name."""
        for check in (self.check, self.check_in):
            if check is not None and not callable(check):
                raise TypeError(f"the check of {self.label} is {check!r}")

    @property
    def is_secret(self) -> bool:
        """Whether it is typed again each time."""
        return self.kind in SECRET

    @property
    def limit(self) -> int:
        """The characters that are let through."""
        return self.most or _MOST.get(self.kind, plain.LONGEST_LINE)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Hold a text to its limit wherever it comes from."""
        schema = handler(source)
        if schema["type"] == "str":
            schema["max_length"] = self.limit
        return schema


class Form(BaseModel):
    """A form as typed. Nothing in it is judged until `read` or `problem_of` is asked."""

    model_config = ConfigDict(frozen=True, strict=True)

    @classmethod
    def asked(cls) -> Mapping[str, Asked]:
        """Every field that people fill in, from top to bottom."""
        return _asked(cls)

    @classmethod
    def kept(cls) -> tuple[str, ...]:
        """The fields that a draft keeps: all but secrets."""
        return tuple(name for name, asked in cls.asked().items() if not asked.is_secret)

    @classmethod
    def kept_name(cls, name: str) -> str:
        """The name of a field that is kept; raises ValueError for any other."""
        if name not in cls.kept():
            raise ValueError("no field that is kept")
        return name

    @classmethod
    def text_name(cls, name: str) -> str:
        """The name of a field that is kept and is a text; raises ValueError for any other."""
        if name not in cls().texts():
            raise ValueError("no field that is a text")
        return name

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The form with these values: too long ones are cut off, those of no field (any more) are left out."""
        return cls.model_validate(cls.fitting(values))

    @classmethod
    def fitting(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values that are kept, cut to the limits of their fields."""
        return {name: _cut(values[name], cls.asked()[name]) for name in cls.kept() if name in values}

    @classmethod
    def of_row(cls, row: object) -> Self:
        """The form as a row holds it; raises AttributeError when the row lacks a field."""
        return cls(**{name: getattr(row, asked.column or name) for name, asked in cls.asked().items()})

    def row(self) -> dict[str, Any]:
        """The values by the columns of the row."""
        return {asked.column or name: getattr(self, name) for name, asked in self.asked().items()}

    def typed(self) -> dict[str, Any]:
        """What may be shown again and kept."""
        return {name: getattr(self, name) for name in self.kept()}

    def texts(self) -> dict[str, str]:
        """What may be shown again of the fields that are texts."""
        return {name: value for name, value in self.typed().items() if isinstance(value, str)}

    def names(self) -> dict[str, Text]:
        """What is shown of the values that were chosen from a list."""
        return {
            name: {value: words for group in asked.options().values() for value, words in group.items()}.get(
                getattr(self, name), Text()
            )
            for name, asked in self.asked().items()
            if asked.options
        }

    def but(self, **changes: Any) -> Self:
        """The same form with other values."""
        return self.model_validate({**self._values(), **changes})

    def is_required(self, name: str) -> bool:
        """Whether a field must be filled in, as the form stands."""
        required = self.asked()[name].required
        return required if isinstance(required, bool) else required(self)

    def read(self, checks: Checklist) -> Self:
        """The form with clean values, empty where one has a problem; what is wrong is noted on the checklist.

        Secrets are judged by the services that know what they are compared with.
        """
        clean = {name: checks.read(partial(self.clean, name), "") for name in self._checked() if name in self.kept()}
        return self.model_copy(update=clean)

    def clean(self, name: str) -> str:
        """The clean value of one field; raises what is wrong with it."""
        asked = self.asked()[name]
        if asked.check_in:
            return asked.check_in(self)
        value = getattr(self, name)
        return asked.check(value) if asked.check else value

    def problem_of(self, name: str, *, is_empty_wrong: bool = False) -> PortalError | None:
        """What is wrong with a field; of one that was left empty nothing, unless told otherwise."""
        is_empty = not str(getattr(self, name)).strip()
        if name not in self._checked() or (is_empty and not is_empty_wrong):
            return None
        try:
            self.clean(name)
        except PortalError as problem:
            return problem
        return None

    def missing(self) -> dict[str, Text]:
        """What to say at each field that was sent empty and names words for that."""
        return {
            name: text(asked.missing)
            for name, asked in self.asked().items()
            if asked.missing and not str(getattr(self, name)).strip()
        }

    def _checked(self) -> list[str]:
        return [name for name, asked in self.asked().items() if asked.check or asked.check_in]

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Everything but secrets."""
        secrets = {name for name, asked in self.asked().items() if asked.is_secret}
        return [(name, value) for name, value in self._values().items() if name not in secrets]


@cache
def _asked(form: type[Form]) -> Mapping[str, Asked]:
    found = {
        name: next((one for one in field.metadata if isinstance(one, Asked)), None)
        for name, field in form.model_fields.items()
    }
    return {name: asked for name, asked in found.items() if asked}


def _cut(value: Any, asked: Asked) -> Any:
    return value[: asked.limit] if isinstance(value, str) else value


def blank(form: type[Form]) -> Callable[[], dict[str, str]]:
    """Makes the empty texts of a form, as a page begins with."""
    return lambda: form().texts()


FIELD_NAME = Field(max_length=40)
"""Bounds the name of a field that a page tells."""
Line = Annotated[str, Field(max_length=plain.LONGEST_LINE)]
Password = Annotated[str, Field(max_length=1000)]
Typed = Annotated[str, Field(max_length=plain.LONGEST_TEXT)]
"""What may be typed into a field of any kind."""
Id = Annotated[str, Field(max_length=64)]
"""Names a row, or one act."""
Token = Annotated[str, Field(max_length=200)]
"""What stands in a link."""
LanguageTag = Annotated[str, Field(max_length=5)]
"""The language that a page or a workspace speaks."""
