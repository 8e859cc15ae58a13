"""Flaws of the processor and what the kernel does about them: sysfs-devices-system-cpu, hw-vuln of the kernel."""

import re
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

FLAWS = Probe(
    "cpu_flaws.state",
    """grep -s . /sys/devices/system/cpu/vulnerabilities/* /dev/null
echo end""",
)

_LINE = re.compile(r"/sys/devices/system/cpu/vulnerabilities/([a-z0-9_]{1,60}):(.{1,400})", re.ASCII)


@dataclass(frozen=True, slots=True)
class CpuFlaw:
    """A flaw by the kernel's name (``spectre_v2``) and its state in the kernel's words; ``open``: nothing is done."""

    name: str
    state: str
    open: bool


def parse_flaws(text: str) -> tuple[CpuFlaw, ...]:
    """``…/mds:Vulnerable; SMT disabled`` → CpuFlaw("mds", …, True); none where the kernel tells of none.

    Raises GapFound.
    """
    lines = text.splitlines()
    rows = [_LINE.fullmatch(line) for line in lines[:-1]]
    if lines[-1:] != ["end"] or not all(rows):
        raise GapFound(GapReason.UNPARSABLE, "the flaws of the processor")
    found = [
        CpuFlaw(row[1], row[2], row[2].startswith(("Vulnerable", "KVM: Vulnerable"))) for row in rows if row
    ]
    return tuple(sorted(found, key=lambda f: f.name))


def build_flaws(evidence: Evidence) -> tuple[CpuFlaw, ...]:
    """The flaws that the kernel of the asset tells of."""
    return parse_flaws(evidence.text(FLAWS.id))


CPU_FLAWS = Fact(
    "cpu_flaws", Text("处理器漏洞", "Flaws of the processor"), tuple[CpuFlaw, ...], build_flaws, (FLAWS,)
)
