"""Everything an operator can set, read once from the environment and checked."""

from __future__ import annotations

import ipaddress
import os
import secrets
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from guance_portal.core import setting_shapes as shapes
from guance_portal.core.marketplace_settings import MarketplaceSettings
from guance_portal.core.origins import web_address
from guance_portal.core.payment_settings import PaymentSettings
from guance_portal.core.private_files import private_file, private_folder
from guance_portal.core.support_settings import SupportSettings

_SHORTEST_SECRET = 32


class SettingsError(Exception):
    """A setting is unusable; the message is one line naming the variable and what it must be."""


class Settings(MarketplaceSettings, PaymentSettings, SupportSettings):
    """The portal's settings: each field is `PORTAL_<NAME>` unless it names another variable."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True, env_ignore_empty=True)

    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")
    host: str = "127.0.0.1"
    workers: int = Field(default=1, ge=1, le=64)
    data_dir: Path = Path("var")
    database_url: SecretStr = SecretStr("")
    redis_url: SecretStr = Field(default=SecretStr(""), validation_alias="REFLEX_REDIS_URL")
    nats_url: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    public_url: str = ""
    sandbox: bool | None = None
    secret_key: SecretStr = SecretStr("")
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    metrics_token: SecretStr = SecretStr("")
    log_format: Literal["json", "console"] = "json"
    mail_from: str = "观测云 <no-reply@localhost>"
    wechat_group_url: str = ""
    dingtalk_group_url: str = ""
    gateway_url: str = ""
    issuer_name: str = ""
    issuer_address: str = ""
    issuer_contact: str = ""
    approval_limit: Decimal = Field(default=Decimal("1000.00"), ge=0, max_digits=15, decimal_places=2)

    @model_validator(mode="before")
    @classmethod
    def _texts(cls, given: dict[str, Any]) -> dict[str, Any]:
        for name, value in given.items():
            if isinstance(value, str) and not shapes.is_writable_text(value):
                raise SettingsError(f"{_variable(name)} must not hold line breaks, control characters or broken text")
        return given

    @field_validator("public_url")
    @classmethod
    def _origin(cls, url: str) -> str:
        # Browsers compare origins: one that nobody ever sends would refuse every form and every event.
        return _web_address("PORTAL_PUBLIC_URL", url, is_origin=True)

    @field_validator("gateway_url")
    @classmethod
    def _gateway(cls, url: str) -> str:
        return _web_address("PORTAL_GATEWAY_URL", url)

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        for name, url, schemes in (
            ("PORTAL_WECHAT_GROUP_URL", self.wechat_group_url, ("https",)),
            ("PORTAL_DINGTALK_GROUP_URL", self.dingtalk_group_url, ("https",)),
            ("PORTAL_SUPPORT_URL", self.support_url, ("https",)),
            ("PORTAL_DOCS_URL", self.docs_url, ("https",)),
            ("PORTAL_SMTP_URL", self.smtp_url.get_secret_value(), ("smtp", "smtps")),
            *self.marketplace_addresses(),
        ):
            if url and not shapes.is_address_of(url, schemes):
                begins = " or ".join(f"{scheme}://" for scheme in schemes)
                raise SettingsError(f"{name} must be an address starting with {begins}")
        if (url := self.redis_url.get_secret_value()) and not shapes.is_redis(url):
            raise SettingsError(
                "REFLEX_REDIS_URL must be an address starting with redis:// or rediss:// or unix://, such as"
                " redis://127.0.0.1:6379/0, with options that the client knows"
            )
        if (url := self.nats_url.get_secret_value()) and not shapes.is_nats(url):
            raise SettingsError("PORTAL_NATS_URL must be an address such as nats://127.0.0.1:4222 or tls://broker:4222")
        if not shapes.is_host(self.host):
            raise SettingsError("PORTAL_HOST must be an IP address or a name of this machine, such as 127.0.0.1")
        if not shapes.is_sender(self.mail_from):
            raise SettingsError("PORTAL_MAIL_FROM must be an address such as 观测云 <no-reply@example.com>")
        if self.support_email and not (shapes.is_sender(self.support_email) and "<" not in self.support_email):
            raise SettingsError("PORTAL_SUPPORT_EMAIL must be an address such as support@example.com")
        self._check_marketplaces()
        self._check_database()
        if self.sandbox and not self.is_loopback:
            raise SettingsError(
                "PORTAL_SANDBOX must be 0 while PORTAL_HOST or PORTAL_PUBLIC_URL is a public address:"
                " the sandbox shows every mail to everyone"
            )
        return self

    def _check_marketplaces(self) -> None:
        for field in ("aws_region", "aws_intl_region"):
            if not shapes.is_region(getattr(self, field)):
                raise SettingsError(f"{_variable(field)} must be a region such as cn-northwest-1")
        for field in ("aws_topics", "aws_intl_topics"):
            if not shapes.are_topics(getattr(self, field)):
                raise SettingsError(f"{_variable(field)} must be ARNs of SNS topics, with commas between them")

    def _check_database(self) -> None:
        url = self.database_url.get_secret_value()
        if url and not shapes.is_database(url):
            raise SettingsError(
                "PORTAL_DATABASE_URL must be an address starting with postgresql+psycopg:// or sqlite+aiosqlite:///,"
                " with options that the driver knows, or be unset"
            )
        secret = self.secret_key.get_secret_value()
        if self.uses_postgresql and not secret:
            raise SettingsError(
                "PORTAL_SECRET_KEY must be set to at least 32 random characters when PORTAL_DATABASE_URL is PostgreSQL"
            )
        if secret and len(secret) < _SHORTEST_SECRET:
            raise SettingsError(
                f"PORTAL_SECRET_KEY must have at least {_SHORTEST_SECRET} random characters, or be unset"
            )
        if self.workers > 1 and not self.uses_postgresql:
            raise SettingsError("PORTAL_WORKERS must be 1 unless PORTAL_DATABASE_URL is PostgreSQL")
        if self.workers > 1 and not self.redis_url.get_secret_value():
            raise SettingsError("PORTAL_WORKERS must be 1 unless REFLEX_REDIS_URL is set")

    @property
    def uses_postgresql(self) -> bool:
        """Whether the database is PostgreSQL rather than the SQLite file."""
        return self.database_url.get_secret_value().startswith("postgresql")

    @property
    def effective_database_url(self) -> str:
        """The SQLAlchemy address of the database; the SQLite file in the data folder by default."""
        url = self.database_url.get_secret_value()
        return url or f"sqlite+aiosqlite:///{(self.data_dir / 'portal.sqlite3').resolve()}"

    @property
    def effective_public_url(self) -> str:
        """The address people reach the portal at, without a trailing slash."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def issuer_lines(self) -> tuple[str, ...]:
        """What stands below the issuer's name on paper."""
        return tuple(one for one in (self.issuer_address, self.issuer_contact) if one)

    @property
    def effective_gateway_url(self) -> str:
        """Where DataKits send their data, without a trailing slash; the portal itself unless another is named."""
        return self.gateway_url or self.effective_public_url

    @property
    def is_https(self) -> bool:
        """Whether people reach the portal over https, so that cookies are Secure."""
        return self.effective_public_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Whether both the listening and the public address are this machine alone."""
        return _is_loopback(self.host) and _is_loopback(urlsplit(self.effective_public_url).hostname or "")

    @property
    def sees_no_visitors_address(self) -> bool:
        """Whether a proxy serves the public address, but its word on the visitor is not believed.

        There is one where the portal listens to this machine alone, or people come by https, which it does not speak.
        All visitors then count as one address: they share every limit by address.
        """
        has_proxy = _is_loopback(self.host) or self.is_https
        return has_proxy and not self.is_loopback and self.trusted_proxies == 0

    @property
    def is_sandbox(self) -> bool:
        """Whether the simulators under /sandbox exist."""
        return self.is_loopback if self.sandbox is None else self.sandbox

    def signing_key(self) -> str:
        """The secret that signs tickets and links; made once in the data folder when none is set.

        Two processes that start together agree on one key: the first to create the file wins.
        """
        if key := self.secret_key.get_secret_value():
            return key
        path = self.data_dir / "secret.key"
        private_folder(self.data_dir)
        fresh = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
        private_file(fresh)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return path.read_text()


def read_settings() -> Settings:
    """Settings from the environment; raises SettingsError with one line when one is unusable."""
    try:
        return Settings()
    except ValidationError as problem:
        first = problem.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        raise SettingsError(f"{_variable(field)} is unusable: {first['msg']}") from None


@cache
def settings() -> Settings:
    """The settings of this process."""
    return read_settings()


def _variable(field: str) -> str:
    """The environment variable of a field; what has another name is known by that."""
    return field if field.isupper() else f"PORTAL_{field.upper()}"


def _web_address(name: str, url: str, *, is_origin: bool = False) -> str:
    try:
        return web_address(url, is_origin=is_origin) if url else ""
    except ValueError:
        more = "a path, a query or a user" if is_origin else "a query or a user"
        raise SettingsError(f"{name} must be an address starting with http:// or https://, without {more}") from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
