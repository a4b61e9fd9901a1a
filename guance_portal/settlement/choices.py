"""What can be chosen to settle bills by, who asks for it, and what becomes of a change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Asker(StrEnum):
    """Who asks: the owner in the console and the paying fee-centre account may change the method, nobody else."""

    OWNER = "owner"
    PAYER = "payer"
    OTHER = "other"


class ChangeKind(StrEnum):
    """Why a change came about. Only `MONTHLY` ones use up the month.

    `FIRST` is the choice after opening or upgrading, free once; `UNLOCK` gives a locked workspace a working method;
    `FORCED` is the return to 观测云企业账号 when a cloud account is closed. `PAYER` is 更换费用中心账号: another fee-centre
    account pays, by 观测云企业账号.
    """

    FIRST = "first"
    MONTHLY = "monthly"
    UNLOCK = "unlock"
    FORCED = "forced"
    PAYER = "payer"


class ChangeState(StrEnum):
    """What has become of a change."""

    PENDING = "pending"
    EFFECTIVE = "effective"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class OptionKind(StrEnum):
    """What an option is: 观测云企业账号, a registered cloud account, or a new one to subscribe at a provider."""

    ENTERPRISE = "enterprise"
    ACCOUNT = "account"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: `id` is that of the registered cloud account, or the provider's code; empty for 观测云企业账号.

    As text (`account:clda_…`) it travels to the browser and back.
    """

    kind: OptionKind
    id: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """The choice of this text; raises ValueError for what is none. Whether it exists is another question."""
        kind, _, id_ = text.partition(":")
        if bool(id_) is (kind == OptionKind.ENTERPRISE):
            raise ValueError(text)
        return cls(OptionKind(kind), id_)

    def __str__(self) -> str:
        """The choice as text."""
        return f"{self.kind}:{self.id}" if self.id else self.kind.value


ENTERPRISE = Choice(OptionKind.ENTERPRISE)
OTHER_PAYER = Choice(OptionKind.ENTERPRISE, "other_payer")
"""观测云企业账号 of another fee-centre account: what a change of the payer waits for. No text names it, so nobody can choose it."""
