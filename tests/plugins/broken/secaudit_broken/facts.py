"""Facts that do not keep their contract."""

from dataclasses import dataclass, replace
from typing import Any

from secaudit.plugin import API, Asset, Evidence, Fact, FactPlugin, Probe, System, Text


@dataclass(frozen=True, slots=True)
class Size:
    """One number."""

    size: int


def build(_evidence: Evidence) -> Size:
    """A value that is as it should be."""
    return Size(1)


def stumble(evidence: Evidence) -> Size:
    """Raises, with what the host said in its text."""
    raise ValueError(evidence.text("stumbles.secret"))


def misshape(_evidence: Evidence) -> Any:
    """A text where a number should be."""
    return Size("many")  # type: ignore[arg-type]


def shy_away(asset: Asset, system: System) -> tuple[Probe, ...]:
    """Raises while the visit is planned."""
    raise KeyError(asset.id)


def fact(name: str, **fields: Any) -> Fact:
    """A fact that is whole but for these fields."""
    return replace(Fact(name, Text(name, name), Size, build), **fields)


NO_FACT = "a text"
OLD = FactPlugin(0, fact("old_fact"))
STUMBLES = FactPlugin(
    API, fact("stumbles", build=stumble, probes=(Probe("stumbles.secret", "echo hunter2-canary"),))
)
MISSHAPEN = FactPlugin(API, fact("misshapen", build=misshape))
SHY = FactPlugin(API, fact("shy", probes_for=shy_away))
KERNEL = FactPlugin(API, fact("kernel"))
RIVAL = FactPlugin(API, fact("host_name"))
