"""The probes of an asset as one POSIX sh script: read whole or not run at all; it writes no file.

What goes to standard input is one quoted text (the body) and the word that runs it: a part of it is an open
quote, which no shell runs. The body frames each answer on standard output with a nonce that stands in no
argument list and no environment. docs/adr/0004-the-visit-script.md says why the lines are as they are.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import quote

from secaudit.model.evidence import Probe
from secaudit.model.register import Sudo

# All that the login shell (fish, csh …) has to understand. Of its environment nothing goes on: no PATH, under which cat
# might be anybody's, no function, no start file. sudo starts the part for root the same way.
COMMAND = "exec /usr/bin/env -i PATH=/usr/bin:/bin /bin/sh -c 'eval \"$(cat)\"'"

# Names that the login's environment may hold are dropped first: an assignment would hand the script to every child.
_START = b"unset s d stage; LC_ALL=C; export LC_ALL; stage=user d="
# The line before the part for root: what was sent before it, and was not read by sudo, is dropped.
GO = b"go\n"


def visit_script(probes: Sequence[Probe], sudo: Sudo, visit_s: int, nonce: str, prompt: str = "") -> bytes:
    """What is sent to standard input of COMMAND. Raises ValueError for what cannot be sent.

    ``prompt`` is a nonce of its own, for ``sudo: password``: by it sudo is known to ask.
    """
    body = _quoted_body(probes, sudo, visit_s, nonce, prompt)
    return b"".join((_START, b" s=", *body, b'; eval "$s"\n'))


def command_for(script: bytes) -> str:
    """COMMAND for a script that input follows on: it reads so many bytes, not to the end."""
    return COMMAND.replace("(cat)", f"(head -c {len(script)})")


def root_script(probes: Sequence[Probe], visit_s: int, nonce: str) -> bytes:
    """What is sent once sudo has let the part for root begin, which then reads to the end of its input."""
    return b"".join((GO, b"eval ", *_quoted_body(probes, Sudo.ALL, visit_s, nonce), b"\n"))


def _quoted_body(
    probes: Sequence[Probe], sudo: Sudo, visit_s: int, nonce: str, prompt: str = ""
) -> Iterator[bytes]:
    """The script itself, as one quoted word; it expects its own text in ``$s``, which it hands to sudo.

    In pieces: it is long, and copied once for all.
    """
    if not all(re.fullmatch(r"[A-Za-z0-9]{16,64}", text) for text in (nonce, prompt or nonce)):
        raise ValueError("a nonce is 16 to 64 letters and digits")
    own = {b"@NONCE@": nonce.encode("ascii"), b"@PROMPT@": prompt.encode("ascii")}
    yield b"'"
    for piece in _quoted_pieces(tuple(probes), sudo, visit_s):
        yield own.get(piece, piece)
    yield b"'"


@lru_cache(maxsize=16)
def _quoted_pieces(probes: tuple[Probe, ...], sudo: Sudo, visit_s: int) -> tuple[bytes, ...]:
    """What the visits of a run share, quoted: in turn the text and the mark of what each has of its own."""
    root = [probe for probe in probes if probe.root]
    values = {
        "@NONCE@": "@NONCE@",
        "@PROMPT@": "@PROMPT@",
        "@VISIT_S@": str(visit_s),
        "@LINKED@": "yes",
        "@SUDO@": (sudo if root else Sudo.NONE).value,
        "@USER@": _calls(probe for probe in probes if not probe.root),
        "@LISTED@": _calls(probe for probe in root if probe.as_root),
        "@ROOT@": _calls(probe for probe in root if not probe.as_root),
    }
    pieces = re.split("(@NONCE@|@PROMPT@)", _template())
    return tuple(_filled(piece, values).replace("'", "'\"'\"'").encode() for piece in pieces)


def filled(values: Mapping[str, str]) -> str:
    """visit.sh with its marks replaced."""
    return _filled(_template(), values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub("@[A-Z_]+@", lambda found: values[found[0]], text)


@cache
def _template() -> str:
    return files("secaudit.collect").joinpath("visit.sh").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def wire_id(probe_id: str) -> str:
    """The id as it stands in a frame: printable ASCII without spaces."""
    return quote(probe_id, safe="/:#@,+=")


def _calls(probes: Iterable[Probe]) -> str:
    return "\n".join(map(_call, probes)) or ":"


@lru_cache(maxsize=1024)
def _call(probe: Probe) -> str:
    """``p os.release 10 16385 'cat /etc/os-release'``: one byte more than the limit shows what was cut."""
    if "\0" in probe.command:
        raise ValueError(f"{probe.id}: a command holds no NUL")
    arguments = (wire_id(probe.id), str(probe.timeout_s), str(probe.limit_bytes + 1), probe.command)
    return "p " + " ".join(map(shlex.quote, arguments))
