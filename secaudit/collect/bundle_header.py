"""The head of a bundle: who collected where, with which questions. What it says is hostile until the seal fits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from secaudit.errors import BundleError
from secaudit.language import _
from secaudit.model.register import Sudo

FORMAT: Final = "1"
LIMIT_BYTES: Final = 262_144
LINE_LIMIT_BYTES: Final = 1_024
PROBES_LIMIT: Final = 2_000
FIRST: Final = re.compile(rb"secaudit-bundle ([0-9]{1,6}) ([0-9a-f]{32})")
HASH: Final = re.compile("[0-9a-f]{64}")
WORDS: Final = (
    "tool", "content", "profile", "kind", "collector", "operator", "place", "asset", "note", "digest", "sudo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """``probes``: id as in frames → hash of its definition. ``digests``: whether the frames have digests."""

    nonce: str
    tool: str
    content_hash: str
    profile: str
    kind: str
    collector_sha256: str
    operator: str
    place: str
    asset: str
    note: str
    digests: bool
    sudo: Sudo
    probes: dict[str, str]


class HeaderReader:
    """Feed it pieces until ``header`` is there; ``rest`` then holds what was fed beyond it."""

    def __init__(self) -> None:
        self._seen = b""
        self.header: Header | None = None

    @property
    def rest(self) -> bytes:
        """All that was fed: the seal covers the head too."""
        return self._seen

    def feed(self, piece: bytes) -> bool:
        """Takes the next piece; True once the header is whole. Raises BundleError."""
        self._seen += piece
        first, newline, _more = self._seen.partition(b"\n")
        if newline or len(first) > LINE_LIMIT_BYTES:
            nonce = _nonce(first)
            end = self._seen.find(b"\n\n" + nonce.encode("ascii") + b" ")
            if end >= 0:
                self.header = _header(nonce, self._seen[len(first) + 1 : end])
                return True
        if len(self._seen) > LIMIT_BYTES:
            raise BundleError(_("its head does not end"))
        return False


def _nonce(first: bytes) -> str:
    found = FIRST.fullmatch(first)
    if found is None and FIRST.fullmatch(first.rstrip(b"\r")):
        raise BundleError(
            _("its line ends were changed on the way"),
            hint=_("Copy it again in binary mode, or collect again."),
        )
    if found is None:
        raise BundleError(
            _("it is no bundle"), hint=_("A bundle is what a collector prints: secaudit collector build")
        )
    if found[1].decode("ascii") != FORMAT:
        told = _("it has format {found}; this secaudit reads format {known}")
        raise BundleError(
            told.format(found=found[1].decode("ascii"), known=FORMAT),
            hint=_("Import it with the version of secaudit that made the collector."),
        )
    return found[2].decode("ascii")


def _header(nonce: str, lines: bytes) -> Header:
    values: dict[str, str] = {}
    probes: dict[str, str] = {}
    for name, value in _pairs(lines):
        if name == "probe":
            wire, _space, hash_ = value.partition(" ")
            if not HASH.fullmatch(hash_) or wire in probes or len(probes) >= PROBES_LIMIT:
                raise _broken(value)
            probes[wire] = hash_
        elif name in WORDS and name not in values:
            values[name] = value
        else:
            raise _broken(name)
    missing = [name for name in WORDS if name not in values]
    if missing or values["sudo"] not in ("none", "all") or values["digest"] not in ("sha256", "none"):
        raise _broken(", ".join(missing) or values["sudo"] + " " + values["digest"])
    return Header(
        nonce=nonce,
        tool=values["tool"],
        content_hash=values["content"],
        profile=values["profile"],
        kind=values["kind"],
        collector_sha256=values["collector"],
        operator=values["operator"],
        place=values["place"],
        asset=values["asset"],
        note=values["note"],
        digests=values["digest"] == "sha256",
        sudo=Sudo(values["sudo"]),
        probes=probes,
    )


def _pairs(lines: bytes) -> Iterator[tuple[str, str]]:
    for line in lines.split(b"\n"):
        if len(line) > LINE_LIMIT_BYTES:
            raise _broken(line[:40].decode("utf-8", "backslashreplace"))
        name, _space, value = line.decode("utf-8", "backslashreplace").partition(" ")
        yield name, value


def _broken(what: str) -> BundleError:
    return BundleError(_("its head is not understood: {what}").format(what=repr(what[:80])))
