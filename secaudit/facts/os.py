"""Which operating system runs: os-release(5)."""

import shlex
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

OS_RELEASE = Probe(
    "os.release",
    "cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release",
    limit_bytes=16_384,
)

_KEYS = ("ID", "ID_LIKE", "PLATFORM_ID", "VERSION_ID", "VERSION_CODENAME", "PRETTY_NAME", "NAME")
# The edition of UOS that installs by rpm; the other is of Debian's family and names no platform.
_RPM_PLATFORM = "platform:uel"
# shlex takes time with the square of a word's length
_LONGEST_VALUE = 4096


@dataclass(frozen=True, slots=True)
class OperatingSystem:
    """``id`` is the distribution, ``like`` its relatives, ``version`` ``VERSION_ID`` or "" (rolling)."""

    id: str
    like: tuple[str, ...]
    version: str
    codename: str
    name: str


def parse_os_release(text: str) -> OperatingSystem:
    """``ID=debian`` … → OperatingSystem; raises GapFound when no ID is there (os-release(5): default ``linux``)."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        key, separator, raw = line.strip().partition("=")
        if separator and not key.startswith("#"):
            values[key] = raw
    if "ID" not in values:
        raise GapFound(GapReason.UNPARSABLE, "os-release names no ID")
    values = {key: _unquote(values[key]) for key in _KEYS if key in values}
    like = values.get("ID_LIKE", "").lower().split()
    if values.get("PLATFORM_ID", "").startswith(_RPM_PLATFORM):
        like.append("uel")
    return OperatingSystem(
        id=values["ID"].lower(),
        like=tuple(like),
        version=values.get("VERSION_ID", ""),
        codename=values.get("VERSION_CODENAME", ""),
        name=values.get("PRETTY_NAME", values.get("NAME", values["ID"])),
    )


def _unquote(raw: str) -> str:
    if len(raw) > _LONGEST_VALUE:
        raise GapFound(GapReason.UNPARSABLE, f"a value of {len(raw)} characters")
    try:
        return " ".join(shlex.split(raw, comments=True))
    except ValueError:
        return raw.strip("\"'")


def build_os(evidence: Evidence) -> OperatingSystem:
    """The operating system of the asset."""
    return parse_os_release(evidence.text(OS_RELEASE.id))


OS = Fact("os", Text("操作系统", "Operating system"), OperatingSystem, build_os, (OS_RELEASE,))
