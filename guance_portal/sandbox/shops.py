"""What a simulated marketplace knows of the product it sells: codes, secrets and the portal's addresses.

It is told what a vendor types into a marketplace's console, and nothing else of the portal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from guance_portal import routes
from guance_portal.core.errors import PortalError


class ShopUnknownError(PortalError, code="errors.sandbox_shop_unknown"):
    """There is no such marketplace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One listing of the product. `id` is that of the listing, such as `aliyun-cn`."""

    id: str
    product_code: str

    @property
    def market(self) -> str:
        """The last part of its address: cn or intl."""
        return self.id.rpartition("-")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliyunShop(Shop):
    """`secret` signs calls of the SPI at `spi_url`; `public_spi_url` is the same for browsers."""

    secret: str
    spi_url: str
    public_spi_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsShop(Shop):
    """`uses_licences` tells the identity of newer products from that of older ones.

    `events_url` gets the notices of SNS, `queue_url` (may be empty) the events of EventBridge; `certificate_url` is
    where the certificate of the notices stands.
    """

    region: str
    uses_licences: bool
    events_url: str
    queue_url: str
    certificate_url: str

    def code(self, *, is_other: bool) -> str:
        """The product code of the product, or of the other one that the same seller has."""
        return f"other{self.product_code}"[:25] if is_other else self.product_code

    @property
    def partition(self) -> str:
        """The first part of an ARN after `arn:`."""
        return "aws-cn" if self.region.startswith("cn-") else "aws"


class ShopTerms(Protocol):
    """What the portal's listing says to either marketplace."""

    @property
    def id(self) -> str:
        """Such as aliyun-cn."""
        ...

    @property
    def product_code(self) -> str:
        """What the marketplace calls the product."""
        ...


class AliyunTerms(ShopTerms, Protocol):
    """What it says to Alibaba's."""

    @property
    def spi_key(self) -> str:
        """What signs the calls."""
        ...


class AwsTerms(ShopTerms, Protocol):
    """What it says to that of AWS."""

    @property
    def region(self) -> str:
        """Where its services are."""
        ...

    @property
    def uses_licences(self) -> bool:
        """Which identity buyers have."""
        ...

    @property
    def queue_url(self) -> str:
        """Where events go; may be empty."""
        ...


class Shops:
    """Every simulated marketplace there is; none outside the sandbox."""

    def __init__(self, shops: Iterable[Shop] = ()) -> None:
        self._shops = {shop.id: shop for shop in shops}

    def __iter__(self) -> Iterator[Shop]:
        return iter(self._shops.values())

    def aliyun(self, shop_id: str) -> AliyunShop:
        """A shop of the Alibaba simulator; raises ShopUnknownError."""
        shop = self._shops.get(shop_id)
        if not isinstance(shop, AliyunShop):
            raise ShopUnknownError
        return shop

    def aws(self, shop_id: str) -> AwsShop:
        """A shop of the AWS simulator; raises ShopUnknownError."""
        shop = self._shops.get(shop_id)
        if not isinstance(shop, AwsShop):
            raise ShopUnknownError
        return shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An access key."""

    key_id: str
    secret: str


def open_shops(aliyun: Iterable[AliyunTerms], aws: Iterable[AwsTerms], *, public_url: str, port: int) -> Shops:
    """A shop for each listing. Calls go to the machine itself, browsers to the public address."""
    own = f"http://127.0.0.1:{port}"
    return Shops(
        (
            *(
                AliyunShop(
                    id=terms.id,
                    product_code=terms.product_code,
                    secret=terms.spi_key,
                    spi_url=own + routes.ALIYUN_SPI,
                    public_spi_url=public_url + routes.ALIYUN_SPI,
                )
                for terms in aliyun
            ),
            *(
                AwsShop(
                    id=terms.id,
                    product_code=terms.product_code,
                    region=terms.region,
                    uses_licences=terms.uses_licences,
                    events_url=own + routes.AWS_EVENTS,
                    queue_url=terms.queue_url,
                    certificate_url=public_url + routes.SANDBOX_AWS_CERTIFICATE,
                )
                for terms in aws
            ),
        )
    )


AWS_CREDENTIALS = Credentials(key_id="AKIASANDBOXSANDBOX00", secret="sandbox/only/nothing/behind/it/is/real00")  # noqa: S106 - as the name says
ALIYUN_CREDENTIALS = Credentials(key_id="LTAI5tSandboxSandbox0000", secret="SandboxOnlyNothingIsReal000000")  # noqa: S106 - the same
"""What the vendor calls the simulators with: fixed, so that anybody may try them, and worth nothing elsewhere."""
