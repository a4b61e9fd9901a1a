"""Names that strangers choose and that we print, above all in emails: they must not contain links or imitate us.

A name that holds an address becomes a link in many mail programs, and a name that sounds official borrows our voice.
`choose` refuses such names where they are given; `unlinked` is what emails make of any name, old ones too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from guance_portal.core.errors import PortalError

BRANDS = ("观测云", "guance", "datakit", "truewatch")
"""What stands for us: no name that somebody chooses may hold it."""
RESERVED = frozenset(
    [
        "admin",
        "administrator",
        "root",
        "superuser",
        "sysadmin",
        "system",
        "operator",
        "official",
        "security",
        "support",
        "service",
        "help",
        "helpdesk",
        "info",
        "billing",
        "finance",
        "payment",
        "postmaster",
        "hostmaster",
        "webmaster",
        "abuse",
        "noreply",
        "no-reply",
        "mailer-daemon",
        "管理员",
        "系统管理员",
        "超级管理员",
        "系统",
        "官方",
        "客服",
        "官方客服",
        "在线客服",
        "技术支持",
        "安全中心",
        "运营",
        "运营人员",
        "财务",
        "计费",
        "费用中心",
        "控制台",
    ]
)
"""Names of offices: no username may be one of them, in whatever look-alike spelling."""
OFFICIAL = ("官方", "official", "系统管理员", "超级管理员", "安全中心")
"""What sounds as if we spoke: no username may hold it. A workspace may: 官方网站 is an ordinary name of one."""

_ENDINGS = (
    "com|net|org|edu|gov|info|biz|pro|xyz|top|site|online|store|shop|club|vip|live|link|click|app|dev|io|ai|co|me|tv|cc|ws"
    "|us|uk|eu|de|fr|nl|es|it|ru|jp|kr|sg|hk|tw|cn|example|test|invalid"
)
_LINK = re.compile(r"[a-z][a-z0-9+.-]*:/|//|\\\\|\bwww\.|[^\s./]+\.[a-z]{2,}[/?#]|\.xn--", re.IGNORECASE)
"""What cannot be meant as anything but an address."""
_HOST_OR_MAILBOX = re.compile(rf"[^\s@]+@[^\s@]+\.|[^\s.]+\.(?:{_ENDINGS})(?![\w-])", re.IGNORECASE)
"""The name of a host of a common kind, or a mailbox. There are too many endings to know all: see `unlinked`."""
_LINKABLE = re.compile(r"(?<=\S)(\.(?=[^\W\d_])|:(?=/)|/(?=/)|@(?=\S))")
_JOIN = "\u2060"
"""A word joiner: nothing is seen of it, and what stands around it is no address any more."""
# Letters of these scripts look alike; within one word they can only deceive.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_PAIRS = "аa еe оo рp сc уy хx іi јj ѕs ԁd һh вb нh кk мm тt гr αa οo ρp νv ιi κk τt υu χx 0o 1l 3e 4a 5s 7t !l |l $s"
_LOOK_ALIKE = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
_DIGITS = "0123456789"
_APART = re.compile(r"[\s._\-·•]+")


class NameAddressError(PortalError, code="errors.name_address"):
    """The name holds what reads as an address on the web or of a mailbox."""


class NameReservedError(PortalError, code="errors.name_reserved"):
    """The name is one of ours, or of an office of ours."""


class NameMixedScriptsError(PortalError, code="errors.name_mixed_scripts"):
    """Letters of scripts that look alike stand in one word."""


def choose_company(name: str, *, field: str) -> str:
    """A cleaned name of a company or a contact person, which may be that of a shop on the web; raises NameAddressError."""
    if _LINK.search(unicodedata.normalize("NFKC", name)):
        raise NameAddressError(field=field)
    return name


def choose(name: str, *, field: str) -> str:
    """A cleaned name of several words that somebody gives; raises one of the errors above."""
    if holds_address(name):
        raise NameAddressError(field=field)
    if any(len(_ALIKE & set(_scripts(word))) > 1 for word in name.split()):
        raise NameMixedScriptsError(field=field)
    if any(brand in skeleton(name) for brand in _BRANDS):
        raise NameReservedError(field=field)
    return name


def choose_username(name: str, *, field: str) -> str:
    """The same for a username, which must not be an office's either, nor hold what separates the parts of an address."""
    if "/" in name or ":" in name or "\\" in name:
        raise NameAddressError(field=field)
    looks = skeleton(name)
    if {looks, skeleton(name.rstrip(_DIGITS))} & _RESERVED or any(part in looks for part in _OFFICIAL):
        raise NameReservedError(field=field)
    return choose(name, field=field)


def holds_address(name: str) -> bool:
    """Whether a mail program would make a link of the name, or of a part of it."""
    plain = unicodedata.normalize("NFKC", name)
    return bool(_LINK.search(plain) or _HOST_OR_MAILBOX.search(plain))


def skeleton(name: str) -> str:
    """What a name looks like: letters and digits that are taken for one another are the same, separators are gone."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_LOOK_ALIKE)
    return _APART.sub("", "".join(one for one in plain if unicodedata.category(one) != "Cf")).replace("i", "l")


def unlinked(name: str) -> str:
    """A name as emails print it: no mail program finds an address in it, and a reader sees no difference."""
    return _LINKABLE.sub(lambda found: f"{found.group()}{_JOIN}", name)


def _scripts(word: str) -> Iterator[str]:
    return (unicodedata.name(character, "").split(" ")[0] for character in word if character.isalpha())


_BRANDS = tuple(skeleton(brand) for brand in BRANDS)
_OFFICIAL = tuple(skeleton(part) for part in OFFICIAL)
_RESERVED = frozenset(skeleton(name) for name in RESERVED)
