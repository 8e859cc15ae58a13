"""Several configuration files in one probe: the command that prints them and the reader of its output."""

import re
from dataclasses import dataclass

from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

NO_COMMENTS = r'{ sub(/#.*/, ""); sub(/^[ \t]+/, ""); sub(/[ \t\r]+$/, ""); if ($0 != "") print " " $0 }'

# Not whatever int() takes: 9_0, digits of other scripts, numbers of a thousand digits.
DIGITS = 20
_NUMBER = re.compile(rf"[-+]?\d{{1,{DIGITS}}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file that exists, and what the probe let through of its lines (an empty file has none)."""

    path: str
    lines: tuple[str, ...]


def print_files(patterns: str, program: str = NO_COMMENTS, *, skip_folders: bool = False) -> str:
    """The sh command that prints the files ``patterns`` (shell globs) name, each line as ``program`` (awk) does.

    awk is given regular files only: a FIFO or a device behind the name of a configuration would hang the visit.
    A folder that may not be read is named, so that its files are not taken for absent. A link to /dev/null is an empty
    file: so are files of the distribution masked. ``skip_folders``: a folder among the files is none of them.
    """
    folders = " ".join(sorted({p.rsplit("/", 1)[0] for p in patterns.split() if "*" in p}))
    unreadable = (
        f'for d in {folders}; do [ ! -d "$d" ] || [ -r "$d" ] || echo "#! $d"; done\n' if folders else ""
    )
    return f"""set --
{unreadable}for f in {patterns}; do
  if [ ! -e "$f" ]{' || [ -d "$f" ]' if skip_folders else ""}; then continue
  elif [ "$f" -ef /dev/null ]; then echo "#+ $f"
  elif [ ! -f "$f" ]; then echo "#? $f"
  elif [ -r "$f" ]; then echo "#+ $f"; set -- "$@" "$f"
  else echo "#! $f"; fi
done
[ $# -eq 0 ] || awk 'FNR == 1 {{ print "#= " FILENAME }}
{program}' "$@\""""


def config_files(text: str) -> tuple[ConfigFile, ...]:
    """``#+ PATH``, ``#= PATH`` and ``␠LINE`` → the files in the order they were named; raises GapFound.

    A file that is there and cannot be read (``#!``), or is no regular file (``#?``), is a gap.
    """
    before, *parts = f"\n{text}".split("\n#")
    if before.strip("\n"):
        raise GapFound(GapReason.UNPARSABLE, f"a line before its file: {before.strip()[:60]}")
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for part in parts:
        head, _line_end, lines = part.partition("\n")
        mark, path = head[:2], head[2:]
        if mark == "! ":
            raise GapFound(GapReason.NO_PERMISSION, path)
        if mark == "? ":
            raise GapFound(GapReason.UNPARSABLE, f"{path} is no regular file")
        if mark not in ("+ ", "= "):
            raise GapFound(GapReason.UNPARSABLE, f"unexpected line #{head[:60]}")
        named = found.setdefault(path, [])
        if mark == "= ":
            current = named
            current.clear()
        if cut := _lines(lines):
            if current is None:
                raise GapFound(GapReason.UNPARSABLE, "a line before its file")
            current += cut
    return tuple(ConfigFile(path, tuple(lines)) for path, lines in found.items())


def _lines(text: str) -> list[str]:
    """``␠LINE`` of each; there are thousands: what is as it should be is cut at once. Empty ones are nobody's."""
    text = text.strip("\n")
    if text.startswith(" ") and text.count("\n ") == text.count("\n"):
        return text[1:].split("\n ")
    lines = [line for line in text.split("\n") if line]
    for line in lines:
        if not line.startswith(" "):
            raise GapFound(GapReason.UNPARSABLE, f"unexpected line {line[:60]}")
    return [line[1:] for line in lines]


def number(text: str, what: str) -> int:
    """``  10`` → 10; raises GapFound, naming ``what``."""
    simple = text.isascii() and text.isdigit() and len(text) <= DIGITS  # as most are
    if not simple and not _NUMBER.fullmatch(text.strip()):
        raise GapFound(GapReason.UNPARSABLE, f"{what}: {text[:60]!r} is no number")
    return int(text)
