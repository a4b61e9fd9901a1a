"""Decisions about those who pay that need neither database nor clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from guance_portal.accounts.identity import usernames
from guance_portal.sites import Currency, Provider

_SHOWN = 4
_SHORTEST = 9


@dataclass(frozen=True, slots=True)
class SettlementMethod:
    """How a workspace's bills are settled: by the 观测云企业账号, or by a cloud account of a provider.

    As text it is `enterprise` or the provider's code: so it stands in rows, addresses and keys of words.
    """

    provider: Provider | None = None

    ENTERPRISE: ClassVar[SettlementMethod]

    @classmethod
    def of(cls, code: str) -> Self:
        """The method of this text; raises ValueError for any other."""
        return cls() if code == _ENTERPRISE else cls(Provider(code))

    @property
    def value(self) -> str:
        """The method as text."""
        return self.provider.value if self.provider else _ENTERPRISE

    @property
    def mark(self) -> str:
        """The kind of its tile: a provider's, or the product's own."""
        return self.provider.value if self.provider else "guance"

    def __str__(self) -> str:
        """The method as text."""
        return self.value


_ENTERPRISE = "enterprise"
SettlementMethod.ENTERPRISE = SettlementMethod()


class CloudState(StrEnum):
    """What has become of a registered cloud account."""

    LIVE = "live"
    CLOSED = "closed"


class SubscriptionState(StrEnum):
    """What has become of a subscription at its marketplace; a pending one was bought and has not begun."""

    PENDING = "pending"
    LIVE = "live"
    EXPIRED = "expired"
    RELEASED = "released"


class Connection(StrEnum):
    """How far the portal is joined to a provider's marketplace, where cloud accounts are subscribed."""

    UNSUPPORTED = "unsupported"
    NOT_CONNECTED = "not_connected"
    NOT_CONFIGURED = "not_configured"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class ProviderOffer:
    """What of a provider can be offered: its connection, and the currencies of its listings."""

    provider: Provider
    connection: Connection
    currencies: frozenset[Currency]


def shows_balances(chosen: bool | None, account_email: str, owner_email: str) -> bool:  # noqa: FBT001 - as the row has it
    """Whether the owner of a workspace sees what its payer has: as the payer chose, else where both are one person.

    Only the same proven address says that they are: a shared domain may be that of a public mailbox.
    """
    return account_email == owner_email if chosen is None else chosen


def mask(account: str) -> str:
    """A cloud account's id as it is shown: the first and last four characters, `**** ` for each four between."""
    if len(account) < _SHORTEST:
        return f"**** {account[-2:]}"
    hidden = -(-(len(account) - 2 * _SHOWN) // _SHOWN)
    return " ".join((account[:_SHOWN], *["****"] * hidden, account[-_SHOWN:]))


def username_key(username: str) -> str:
    """A username as it is stored and compared (RFC 8265); empty for what can be nobody's."""
    return usernames.key(username)
