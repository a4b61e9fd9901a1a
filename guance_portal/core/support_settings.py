"""Whom customers are sent to: the account manager or the support, as a page or a mailbox; and where they can read."""

from __future__ import annotations

from pydantic_settings import BaseSettings


class SupportSettings(BaseSettings):
    """A name without an address leads nowhere; of both addresses the page comes first."""

    support_name: str = ""
    support_url: str = ""
    support_email: str = ""
    docs_url: str = "https://docs.guance.com/"

    @property
    def support_address(self) -> str:
        """Where a link to them leads; empty when neither is set."""
        return self.support_url or (f"mailto:{self.support_email}" if self.support_email else "")

    @property
    def support_written(self) -> str:
        """The same as people read it."""
        return self.support_url or self.support_email
