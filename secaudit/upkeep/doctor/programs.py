"""What else is installed here that parts of the tool need, and how old Python is."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, warn

# devguide.python.org/versions
END_OF_LIFE: Final[Mapping[tuple[int, int], date]] = {
    (3, 11): date(2027, 10, 31),
    (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
}
SOON_DAYS: Final = 180
ASKED_S: Final = 20
FONTS: Final = tuple(
    Path(place)
    for place in ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
)
_CJK: Final = re.compile(
    r"cjk|wqy|wenquanyi|simsun|simhei|simfang|simkai|fangsong|fandol|source-?han|uming|ukai|droidsansfallback|hanyi|hy.*gb",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Programs:
    """``fonts``: whether a font has Chinese characters; the rest: whether it is there, and needed."""

    fonts: bool
    nmap: bool
    sm2: bool
    pdf: bool
    scans_ports: bool = False
    seals_sm2: bool = False


def has_chinese_font(places: tuple[Path, ...] = FONTS) -> bool:
    """As fontconfig says, or where it is not installed by the names of files."""
    if (program := shutil.which("fc-list")) is not None:
        try:
            done = subprocess.run(  # noqa: S603 - the command is ours
                [program, ":lang=zh", "family"],
                capture_output=True,
                timeout=ASKED_S,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired):
            done = None
        if done is not None and done.returncode == 0:
            return bool(done.stdout.strip())
    return any(_CJK.search(path.name) for place in places for path in place.expanduser().rglob("*.[to]t[fc]"))


def has(module: str) -> bool:
    """Whether a module of Python is installed; it is not run."""
    return find_spec(module) is not None


def lines(facts: Programs) -> Iterator[Line]:
    """What is missing matters by what it is needed for."""
    if facts.fonts:
        yield ok(Topic.PROGRAMS, _("a font with Chinese characters is installed"))
    else:
        told = _("no font with Chinese characters is installed: PDF and printed documents show boxes")
        yield warn(Topic.PROGRAMS, told, "sudo apt-get install fonts-noto-cjk")
    if facts.scans_ports and not facts.nmap:
        told = _("a port scan is authorised, and nmap is missing here")
        yield warn(Topic.PROGRAMS, told, "sudo apt-get install nmap")
    if not facts.sm2:
        told = _("packages cannot be sealed or verified with SM2")
        found = fail if facts.seals_sm2 else warn
        yield found(Topic.PROGRAMS, told, "pip install 'secaudit[sm2]'")
    if not facts.pdf:
        yield warn(Topic.PROGRAMS, _("reports cannot be written as PDF"), "pip install 'secaudit[pdf]'")


def python_line(version: tuple[int, int], day: date) -> Line:
    """How long this Python is looked after."""
    name = ".".join(map(str, version))
    end = END_OF_LIFE.get(version)
    if end is None:
        return ok(Topic.PYTHON, _("Python {version} is newer than what is known here").format(version=name))
    told = _("Python {version} gets security updates until {end}").format(version=name, end=end)
    if end < day:
        told = _("Python {version} gets no security updates since {end}").format(version=name, end=end)
        return fail(Topic.PYTHON, told, _("install secaudit with a newer Python: docs/offline-install.md"))
    if (end - day).days < SOON_DAYS:
        return warn(Topic.PYTHON, told, _("install secaudit with a newer Python: docs/offline-install.md"))
    return ok(Topic.PYTHON, told)
