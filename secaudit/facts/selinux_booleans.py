"""Booleans of SELinux that are on now: selinuxfs, booleans(8)."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# A file holds the value in force and the one that is pending: ``1 1``.
BOOLEANS = Probe(
    "selinux.booleans",
    """[ ! -d /sys/fs/selinux/booleans ] || { echo selinux; grep -s '^[01]' /sys/fs/selinux/booleans/* || exit 1; }
echo end""",
)


@dataclass(frozen=True, slots=True)
class SelinuxBooleans:
    """``present``: the kernel enforces or notes by SELinux. ``on``: the booleans that are on, by name."""

    present: bool
    on: tuple[str, ...]


def parse_booleans(text: str) -> SelinuxBooleans:
    """``/sys/fs/selinux/booleans/httpd_enable_cgi:1 1`` → on; raises GapFound."""
    lines = text.removesuffix("\n").split("\n")
    if lines[-1] != "end":
        raise GapFound(GapReason.TRUNCATED, "the list of booleans is cut off")
    if lines[0] != "selinux":
        return SelinuxBooleans(False, ())
    on = []
    for line in lines[1:-1]:
        path, colon, value = line.partition(":")
        if not colon or value[:1] not in ("0", "1"):
            raise GapFound(GapReason.UNPARSABLE, f"not a boolean: {line[:60]!r}")
        if value[0] == "1":
            on.append(path.rpartition("/")[2])
    return SelinuxBooleans(True, tuple(sorted(on)))


def build_booleans(evidence: Evidence) -> SelinuxBooleans:
    """What the policy of the asset lets through besides."""
    return parse_booleans(evidence.text(BOOLEANS.id))


SELINUX_BOOLEANS = Fact(
    "selinux_booleans",
    Text("SELinux 布尔值", "Booleans of SELinux"),
    SelinuxBooleans,
    build_booleans,
    (BOOLEANS,),
)
