"""Emails over SMTP, one connection each: they are few, and an idle connection would have died by the next one."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from guance_portal.mail.ports import PermanentMailError, TransientMailError

_REFUSED_FOR_GOOD = 500
_SHOWN_OF_ANSWER = 200


class SmtpTransport:
    """Delivers to one server: `smtp://` (STARTTLS when offered) or `smtps://`, with `user:password@` when it asks.

    A password is never sent in the clear to another machine: with one, STARTTLS is required there.
    """

    def __init__(self, url: str, *, local_hostname: str, seconds: float = 20.0) -> None:
        parts = urlsplit(url)
        self._host, self._is_tls = parts.hostname or "", parts.scheme == "smtps"
        self._port = parts.port or (465 if self._is_tls else 25)
        self._user, self._password = unquote(parts.username or "") or None, unquote(parts.password or "") or None
        self._local_hostname, self._seconds = local_hostname, seconds

    async def deliver(self, message: EmailMessage) -> None:
        """Hand the message to the server.

        Refused for good are only its recipient (5xx to RCPT) and its content (5xx to DATA); a 5xx to anything else
        (greeting, sign-in, sender) is about us and passes once an operator has put it right.
        """
        client = self._client()
        try:
            await client.connect()
            await client.send_message(message)
        except SMTPRecipientsRefused as refusal:
            answer = refusal.recipients[0]
            raise _refusal(answer.code, answer.message) from refusal
        except SMTPDataError as refusal:
            raise _refusal(refusal.code, refusal.message) from refusal
        except SMTPNotSupported as problem:
            raise PermanentMailError("the server does not take this kind of address") from problem
        except (SMTPException, OSError) as problem:
            raise TransientMailError(_reason(problem)) from problem
        finally:
            await self._leave(client)

    async def check(self) -> None:
        """Connect and sign in; raises TransientMailError with the reason when that fails."""
        client = self._client()
        try:
            await client.connect()
            await client.noop()
        except (SMTPException, OSError) as problem:
            raise TransientMailError(_reason(problem)) from problem
        finally:
            await self._leave(client)

    def _client(self) -> SMTP:
        must_encrypt = self._password is not None and not _is_this_machine(self._host)
        return SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._is_tls,
            start_tls=False if self._is_tls else (True if must_encrypt else None),
            local_hostname=self._local_hostname,
            timeout=self._seconds,
        )

    async def _leave(self, client: SMTP) -> None:
        # What the server had to say about the email is already known: a failing goodbye changes nothing.
        with suppress(SMTPException, OSError):
            if client.is_connected:
                await client.quit(timeout=2)
        client.close()


def _refusal(code: int, answer: str) -> PermanentMailError | TransientMailError:
    kind = PermanentMailError if code >= _REFUSED_FOR_GOOD else TransientMailError
    return kind(f"{code} {answer}"[:_SHOWN_OF_ANSWER])


def _reason(problem: SMTPException | OSError) -> str:
    if isinstance(problem, SMTPResponseException):
        return f"{problem.code} {problem.message}"[:_SHOWN_OF_ANSWER]
    return f"{type(problem).__name__}: {problem}"[:_SHOWN_OF_ANSWER]


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
