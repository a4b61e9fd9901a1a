"""The distinct things of one request in little memory: 16 bytes each, where a set of them takes ten times as many."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from hashlib import blake2b

SIZE = 16
"""Bytes of one digest, 128-bit BLAKE2b: two of a billion things share one with a probability below 2e-21."""
_MOST_NAMES = 4_096
RECENT, RECENT_LENGTH = 20_000, 500
"""Names whose digest is remembered, and how long they may be; beyond that all are forgotten."""


class Things:
    """Collects names; each counts once.

    The last names are kept as they are, because the points of a request repeat few of them. Digests of all others are
    sorted into buckets by their first byte, where one may stand several times until the end.
    """

    def __init__(self) -> None:
        self._names = set[str]()
        self._buckets: list[bytearray] = []

    def update(self, names: Iterable[str]) -> None:
        """Note some things."""
        self._names.update(names)
        if len(self._names) > _MOST_NAMES:
            self._sort_away()

    def packed(self) -> Generator[None, None, bytes]:
        """All digests in ascending order, each once, one behind the other; pauses behind each bucket."""
        if not self._buckets:
            return b"".join(sorted(map(_digest, self._names)))
        self._sort_away()
        packed = bytearray()
        for number, bucket in enumerate(self._buckets):
            packed += b"".join(sorted({bytes(bucket[at : at + SIZE]) for at in range(0, len(bucket), SIZE)}))
            self._buckets[number] = bytearray()
            yield
        return bytes(packed)

    def _sort_away(self) -> None:
        if not self._buckets:
            self._buckets = [bytearray() for _ in range(256)]
        for name in self._names:
            digest = _digest(name)
            self._buckets[digest[0]] += digest
        self._names.clear()


class _Digests(dict[str, bytes]):
    """The digests of names: the next request of a sender has mostly the same."""

    def __missing__(self, name: str) -> bytes:
        digest = blake2b(name.encode(), digest_size=SIZE).digest()
        if len(name) <= RECENT_LENGTH:
            if len(self) >= RECENT:
                self.clear()
            self[name] = digest
        return digest


_digest = _Digests().__getitem__
