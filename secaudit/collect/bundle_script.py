"""The collector: the questions of a profile as one file that is run by hand where no network leads.

The program is collector.sh around the same visit.sh that a live visit sends; the questions follow as plain
lines, each under its id: ``== ID SECONDS BYTES user|root|listed HASH``, then ``| `` and the command.
docs/adr/0011-bundles.md says why.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from secaudit.collect.script import filled, wire_id
from secaudit.model.evidence import Probe

# A person waits for it, and the machine may be slow; each question has its own limit.
VISIT_S = 1800


@dataclass(frozen=True, slots=True)
class Made:
    """Who made a collector, when, for what. ``asset`` is "" where the same file serves many."""

    office: str
    at: datetime
    tool: str
    content_hash: str
    profile: str
    kind: str
    system: str = ""
    asset: str = ""


def collector_text(made: Made, probes: Sequence[Probe]) -> str:
    """The file. Raises ValueError for what cannot be asked by hand."""
    text = files("secaudit.collect").joinpath("collector.sh").read_text(encoding="utf-8")
    values = {
        "@ABOUT@": "\n".join(_about(made, probes)),
        "@TOOL@": shlex.quote(made.tool),
        "@CONTENT@": shlex.quote(made.content_hash),
        "@PROFILE@": shlex.quote(made.profile),
        "@KIND@": shlex.quote(made.kind),
        "@ASSET@": shlex.quote(made.asset),
        "@COUNT@": str(len(probes)),
        "@VISIT@": _visit(),
    }
    program = re.sub("@[A-Z_]+@", lambda found: values[found[0]], text)
    return program + "\n" + "".join(map(_question, probes)) + "== end\n"


def _visit() -> str:
    return filled(
        {
            "@NONCE@": "$nonce",
            "@PROMPT@": "",
            "@VISIT_S@": str(VISIT_S),
            "@LINKED@": "no",  # who began it may log out meanwhile
            "@SUDO@": '"$sudo_mode"',
            "@USER@": "each_question ask_user",
            "@LISTED@": "each_question ask_listed",
            "@ROOT@": "each_question ask_root",
        }
    ).rstrip()


def _about(made: Made, probes: Sequence[Probe]) -> Iterator[str]:
    root = sum(probe.root for probe in probes)
    whom = f", system {made.system}, asset {made.asset}" if made.asset else ""
    rows = (
        ("制作 made by", made.office or "-"),
        ("时间 made at", made.at.isoformat(timespec="seconds")),
        ("范围 made for", f"profile {made.profile}, kind {made.kind}{whom}"),
        ("版本 versions", f"secaudit {made.tool}, content {made.content_hash}"),
        ("命令 questions", f"{len(probes)}, {root} as root"),
    )
    for name, value in rows:
        yield f"# {name}: {' '.join(value.split())}"


def _question(probe: Probe) -> str:
    """One byte more than the limit shows what was cut, as in a live visit."""
    if "\0" in probe.command or not probe.command:
        raise ValueError(f"{probe.id}: a command is not empty and holds no NUL")
    who = ("listed" if probe.as_root else "root") if probe.root else "user"
    head = f"== {wire_id(probe.id)} {probe.timeout_s} {probe.limit_bytes + 1} {who} {probe.definition_hash}\n"
    return "\n" + head + "".join(f"| {line}\n" for line in probe.command.split("\n"))
