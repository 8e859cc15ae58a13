"""Stable names in place of real ones: whoever lacks the office's key cannot tell what they stand for."""

import base64
import hmac
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.handover.package import opened
from secaudit.language import _
from secaudit.model.agency import Hidden
from secaudit.register.folder import make_private_folder, write_new

KEY_BYTES: Final = 32
KEY_FILE: Final = "keys/pseudonyms.key"
LETTERS: Final = {
    Hidden.HOSTS: "H",
    Hidden.ADDRESSES: "N",
    Hidden.ACCOUNTS: "A",
    Hidden.PATHS: "F",
    Hidden.VERSIONS: "V",
    Hidden.PEOPLE: "P",
    Hidden.RECORDS: "R",
}
# Chinese stands without spaces: only ASCII letters and digits are part of a word
PATTERNS: Final = {
    Hidden.PEOPLE: r"[A-Za-z0-9_.+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+",
    Hidden.ADDRESSES: r"(?<![A-Za-z0-9_.])(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?(?![A-Za-z0-9_])"
    r"|(?<!:)(?:(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}"
    r"|(?=[0-9A-Fa-f:]*::|(?:[0-9A-Fa-f]{1,4}:){7})[0-9A-Fa-f:]{3,39}(?:/[0-9]{1,3})?)(?![A-Za-z0-9_:]))",
    Hidden.PATHS: r"(?<![A-Za-z0-9_./])~?/(?:[A-Za-z0-9_.@+~\u4e00-\u9fff-]+/?)+",
    Hidden.VERSIONS: r"(?<![A-Za-z0-9_.])[0-9]+(?:\.[0-9]+)+[A-Za-z0-9_.+~:-]*",
}


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """``told`` collects what was replaced: pseudonym → (what it is, the real name); it stays with the office."""

    key: bytes = field(repr=False)
    told: dict[str, tuple[Hidden, str]] = field(default_factory=dict, repr=False)

    def of(self, kind: Hidden, name: str) -> str:
        """``H-K7Q2M4XA``; the same name of a kind is always the same, "" stays empty."""
        if not name:
            return ""
        digest = hmac.digest(self.key, f"{kind.value}\0{name}".encode("utf-8", "surrogatepass"), "sha256")
        made = f"{LETTERS[kind]}-{base64.b32encode(digest)[:8].decode()}"
        self.told[made] = kind, name
        return made


def read_key(workspace: Path) -> bytes:
    """The key of a workspace, made where there is none yet. Raises UsageError."""
    file = workspace / KEY_FILE
    if not file.exists():
        make_private_folder(file.parent)
        write_new(file, os.urandom(KEY_BYTES))
    with opened(file) as stream:
        key = stream.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise UsageError(
            _("{path} is no key of pseudonyms: {size} bytes expected.").format(path=file, size=KEY_BYTES),
            hint=_(
                "Put the one from the backup there: with another key the names in old packages tell nothing."
            ),
        )
    return key


@dataclass(frozen=True, slots=True)
class Masker:
    """Replaces real names in running text: those that are known, and what looks like an address or a path."""

    pseudonyms: Pseudonyms
    hidden: frozenset[Hidden]
    known: Mapping[str, Hidden]
    expression: re.Pattern[str]

    def text(self, text: str) -> str:
        """The text with every such name replaced."""
        return self.expression.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        kind = self.known.get(match[0]) or Hidden(match.lastgroup or "")
        return self.pseudonyms.of(kind, match[0])


def masker(
    pseudonyms: Pseudonyms, hidden: frozenset[Hidden], names: Mapping[Hidden, Iterable[str]]
) -> Masker:
    """``names``: what is known to be a name of each kind; kinds that are not hidden stay as they are."""
    known = {name: kind for kind in hidden for name in names.get(kind, ()) if name}
    return Masker(pseudonyms, hidden, known, re.compile("|".join(_parts(known, hidden)) or r"(?!)"))


def _parts(known: Mapping[str, Hidden], hidden: frozenset[Hidden]) -> Iterator[str]:
    """Known names first, the longest before those it begins with; the others under the name of their kind."""
    longest = sorted(known, key=lambda name: (-len(name), name))
    if longest:
        yield "(?:" + "|".join(map(_whole, longest)) + ")"
    for kind, pattern in PATTERNS.items():
        if kind in hidden:
            yield f"(?P<{kind.value}>{pattern})"


def _whole(name: str) -> str:
    """A name as a whole word; letters without spaces between words (Chinese) have no such bounds."""
    begin = r"(?<![A-Za-z0-9_])" if re.match(r"[A-Za-z0-9_]", name) else ""
    end = r"(?![A-Za-z0-9_])" if re.search(r"[A-Za-z0-9_]\Z", name) else ""
    return begin + re.escape(name) + end
