"""The dialog of a cloud account, made ready to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guance_portal import sites
from guance_portal.core.datetime_formatting import offset
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, catalogue, text
from guance_portal.payers.cloud_accounts import CloudAccounts, CloudAccountView
from guance_portal.payers.cloud_errors import CloudError
from guance_portal.sites import Provider


class CloudPurpose(StrEnum):
    """What the dialog is opened for: to settle a workspace, to open the first one, or the account alone."""

    WORKSPACE = "workspace"
    SIGN_UP = "sign_up"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing came of it: what happened, why that may be, what has not changed, number and time to name it by."""

    said: Text = field(default_factory=Text)
    causes: list[Text] = field(default_factory=list[Text])
    unchanged: Text = field(default_factory=Text)
    number: str = ""
    at: str = ""


def title(provider: str, place: CloudPurpose) -> Text:
    """What is done there: settle by an account, or only add one."""
    return text(f"cloud.{provider}.{'add' if place is CloudPurpose.ACCOUNT else 'title'}")


def lead(provider: str, place: CloudPurpose) -> Text:
    """What comes of it."""
    return text("cloud.add_lead" if place is CloudPurpose.ACCOUNT else f"cloud.{provider}.lead")


def refused(error: PortalError, provider: str) -> Text:
    """Why a cloud account is refused, in the words of its provider where it has its own."""
    return refused_by(error.code, provider, **error.params)


def refused_by(code: str, provider: str, **params: object) -> Text:
    """The same by the code of the error."""
    own = f"cloud.refused.{provider}.{code.removeprefix('errors.')}"
    return text(own if own in catalogue() else code, **params)


def failure(error: PortalError, place: CloudPurpose, provider: str, now: datetime, site: str) -> Failure:
    """What is said of an error, and its usual causes."""
    local = now.astimezone(sites.get(site).zone) if site else now
    return Failure(
        said=refused(error, provider),
        causes=_causes(_name(error), provider),
        unchanged=text(f"cloud.unchanged.{place}"),
        number=error.number if isinstance(error, CloudError) else "",
        at=f"{local:%H:%M:%S} ({offset(local)})",
    )


def _causes(name: str, provider: str) -> list[Text]:
    """The usual causes in the words of the provider, else in those that hold for any; none where it has told the reason itself."""
    words = catalogue()
    if f"cloud.refused.{provider}.{name}" in words:
        return []
    places = ((f"cloud.causes.{provider}.{name}.{letter}", f"cloud.causes.{name}.{letter}") for letter in "abc")
    return [words[own if own in words else common] for own, common in places if own in words or common in words]


def _name(error: PortalError) -> str:
    return error.code.removeprefix("errors.")


def arrived(found: CloudAccounts, provider: Provider, since: float) -> CloudAccountView | None:
    """The live account of a provider that came in last, since then (a timestamp)."""
    fit = [
        one
        for one in found.accounts
        if one.provider is provider
        and one.is_live
        and one.currency is found.currency
        and one.claimed_at.timestamp() >= since
    ]
    return max(fit, key=lambda one: one.claimed_at, default=None)
