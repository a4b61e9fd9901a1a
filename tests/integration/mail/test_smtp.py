"""What the SMTP transport makes of real servers: refusals, encryption, passwords."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guance_portal.mail.ports import PermanentMailError, TransientMailError
from guance_portal.mail.smtp import SmtpTransport
from tests.integration.mail.conftest import MailServer, free_port, stop


@pytest.fixture
def message() -> EmailMessage:
    """A short message."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@portal.example", "lin@yunfan.example", "您好"
    message.set_content("您好")
    return message


def transport(url: str) -> SmtpTransport:
    """The transport, impatient."""
    return SmtpTransport(url, local_hostname="portal.example", seconds=5)


@pytest.mark.parametrize(
    ("refusal", "answer", "kind"),
    [
        ("to_recipient", "550 5.1.1 No such person", PermanentMailError),
        ("to_recipient", "450 4.2.1 Mailbox busy", TransientMailError),
        ("to_content", "554 5.7.1 Content refused", PermanentMailError),
        ("to_content", "452 4.3.1 Disk full", TransientMailError),
    ],
)
async def test_the_first_digit_of_a_refusal_decides_whether_an_email_is_tried_again(
    message: EmailMessage, mail_server: MailServer, refusal: str, answer: str, kind: type[Exception]
) -> None:
    getattr(mail_server, refusal).append(answer)
    with pytest.raises(kind, match=answer):
        await transport(mail_server.url).deliver(message)


async def test_a_server_that_is_not_there_can_be_tried_again(message: EmailMessage) -> None:
    absent = transport(f"smtp://127.0.0.1:{free_port()}")
    with pytest.raises(TransientMailError):
        await absent.deliver(message)
    with pytest.raises(TransientMailError):
        await absent.check()


async def test_a_server_that_is_there_passes_the_check_and_receives_nothing(mail_server: MailServer) -> None:
    await transport(mail_server.url).check()
    assert mail_server.received == []


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS context whose certificate this process trusts for as long as the test runs."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context


class Doorkeeper:
    """Lets one user in."""

    def __init__(self) -> None:
        self.was_encrypted: list[bool] = []

    def __call__(self, server: SMTP, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        """Compare user and password."""
        del session, envelope, mechanism
        assert server.transport is not None
        self.was_encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"portal", b"p@ss word")
        return AuthResult(success=is_right, handled=is_right)


def _encrypted(scheme: str, server: MailServer, certificate: ssl.SSLContext, doorkeeper: Doorkeeper) -> Controller:
    port = free_port()
    if scheme == "smtps":
        # `auth_required` cannot be said here: aiosmtpd does not see that nothing ever passes unencrypted.
        return Controller(
            server,
            hostname="127.0.0.1",
            port=port,
            ssl_context=certificate,
            authenticator=doorkeeper,
            auth_require_tls=False,
        )
    return Controller(
        server,
        hostname="127.0.0.1",
        port=port,
        tls_context=certificate,
        authenticator=doorkeeper,
        auth_required=True,
    )


@pytest.fixture
def secured(request: pytest.FixtureRequest, certificate: ssl.SSLContext) -> Iterator[tuple[MailServer, Doorkeeper]]:
    """A server that wants a password: encrypted from the first byte, or after STARTTLS."""
    server, doorkeeper = MailServer(), Doorkeeper()
    controller = _encrypted(request.param, server, certificate, doorkeeper)
    controller.start()
    server.port = controller.port
    yield server, doorkeeper
    stop(controller)


@pytest.mark.parametrize(("secured", "scheme"), [("smtp", "smtp"), ("smtps", "smtps")], indirect=["secured"])
async def test_an_email_leaves_encrypted_with_the_password_of_the_address(
    message: EmailMessage, secured: tuple[MailServer, Doorkeeper], scheme: str
) -> None:
    server, doorkeeper = secured
    await transport(f"{scheme}://portal:p%40ss%20word@127.0.0.1:{server.port}").deliver(message)
    assert [received["Subject"] for received in server.received] == ["您好"]
    assert doorkeeper.was_encrypted == [True]


@pytest.mark.parametrize("secured", ["smtp"], indirect=True)
async def test_a_wrong_password_is_the_operators_to_put_right_and_costs_no_email(
    message: EmailMessage, secured: tuple[MailServer, Doorkeeper]
) -> None:
    wrong = transport(f"smtp://portal:wrong@127.0.0.1:{secured[0].port}")
    with pytest.raises(TransientMailError, match="535"):
        await wrong.deliver(message)
    with pytest.raises(TransientMailError, match="535"):
        await wrong.check()


@pytest.mark.parametrize("secured", ["smtps"], indirect=True)
async def test_a_certificate_of_an_unknown_authority_is_refused(
    message: EmailMessage, secured: tuple[MailServer, Doorkeeper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(TransientMailError, match=r"(?i)certificate"):
        await transport(f"smtps://portal:p%40ss%20word@127.0.0.1:{secured[0].port}").deliver(message)
    assert secured[1].was_encrypted == []


async def test_a_password_is_never_sent_in_the_clear_to_another_machine(
    message: EmailMessage, mail_server: MailServer
) -> None:
    other_machine = f"smtp://portal:secret@127.1:{mail_server.port}"  # loopback to the network, a stranger to us
    with pytest.raises(TransientMailError, match="STARTTLS"):
        await transport(other_machine).deliver(message)
    assert mail_server.received == []
