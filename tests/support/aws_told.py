"""What AWS says of a buyer's licence, as the events of EventBridge and the texts of the legacy topics."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

CN_TOPIC = "arn:aws-cn:sns:cn-northwest-1:287250355862:aws-mp-subscription-notification-code0"
CN_ENTITLEMENTS = "arn:aws-cn:sns:cn-northwest-1:287250355862:aws-mp-entitlement-notification-code0"
INTL_TOPIC = "arn:aws:sns:us-east-1:287250355862:agreement-events-code1"


class Told:
    """Everything AWS tells of one account, each happening with a number of its own.

    Messages about an agreement name no product, those about its licence do. `name` tells the agreements and licences of
    one product from those of another that the same account bought.
    """

    def __init__(self, account: str, begin: datetime, *, product: str = "code1", name: str = "") -> None:
        self.account, self._begin, self._product, self._number = account, begin, product, 0
        self._name = f"{account}{name}"

    def agreement(self, number: int) -> str:
        """The account's agreement of this number."""
        return f"agmt-{self._name}-{number}"

    def arn(self, number: int) -> str:
        """The account's licence of this number."""
        return f"arn:aws:license-manager::294406891311:license:l-{self._name}-{number}"

    def created(self, agreement: int, intent: str = "NEW") -> dict[str, Any]:
        """An agreement began."""
        return self._event("Purchase Agreement Created - Proposer", agreement, intent=intent)

    def closed(self, agreement: int, status: str) -> dict[str, Any]:
        """An agreement ended."""
        return self._event("Purchase Agreement Ended - Proposer", agreement, status=status)

    def licensed(self, agreement: int, licence: int) -> dict[str, Any]:
        """A licence was given, or changed."""
        return self._event("License Updated - Manufacturer", agreement, licence)

    def unlicensed(self, licence: int) -> dict[str, Any]:
        """A licence was taken away; AWS does not say of which agreement."""
        event = self._event("License Deprovisioned - Manufacturer", 0, licence)
        del event["detail"]["agreement"]
        return event

    def bought(self) -> list[dict[str, Any]]:
        """The first agreement with its licence."""
        return [self.created(1), self.licensed(1, 1)]

    def cancelled(self) -> list[dict[str, Any]]:
        """The end of it."""
        return [self.closed(1, "CANCELLED"), self.unlicensed(1)]

    def renewed(self) -> list[dict[str, Any]]:
        """The second agreement in the place of the first."""
        return [self.closed(1, "RENEWED"), self.created(2, "RENEW"), self.licensed(2, 2), self.unlicensed(1)]

    def action(self, name: str, identifier: str) -> str:
        """A text of a legacy topic."""
        return (
            f'{{"action": "{name}", "customer-identifier": "{identifier}", "product-code": "{self._product}",'
            ' "offer-identifier": "offer-1", "isFreeTrialTermPresent": "false"}'
        )

    def _event(
        self, name: str, agreement: int, licence: int | None = None, *, intent: str = "NEW", status: str = "ACTIVE"
    ) -> dict[str, Any]:
        self._number += 1
        at = self._begin + timedelta(minutes=self._number)
        detail: dict[str, Any] = {
            "requestId": f"{self._name}-{self._number}",
            "agreement": {"id": self.agreement(agreement), "intent": intent, "status": status},
            "acceptor": {"accountId": self.account},
        }
        if licence is not None:
            detail["product"] = {"code": self._product, "id": f"prod-{self._product}"}
            detail["license"] = {"arn": self.arn(licence)}
        return {
            "version": "0",
            "id": f"e-{self._name}-{self._number}",
            "detail-type": name,
            "source": "aws.agreement-marketplace",
            "time": at.isoformat(),
            "region": "us-east-1",
            "detail": detail,
        }
