"""The geometry of the charts; the templates draw it as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# what a chart shows → its colour, an attribute of the shape: not every program reads the style sheet for these
_SHADES: Final = {
    "#f4f6f9": ("track",),
    "#2e7d4f": ("PASS", "符合", "machine"),
    "#b7791f": ("PARTIAL", "部分符合", "medium"),
    "#b3261e": ("FAIL", "不符合", "high"),
    "#b8c0ca": ("NOT_APPLICABLE", "不适用", "register"),
    "#6b7280": ("UNKNOWN", "待核实", "evidence_missing"),
    "#6aa886": ("attested",),
    "#2b6cb0": ("MANUAL", "person"),
    "#8a94a3": ("low",),
}
SHADES: Final = {name: shade for shade, names in _SHADES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar: position and width in units of the bar; ``name`` colours it."""

    name: str
    x: float
    width: float


def stacked(names: Sequence[str], counts: Mapping[str, int], width: float) -> list[Segment]:
    """``counts[name]`` of each name as segments that fill ``width``, in that order; none for 0."""
    scale = width / max(sum(counts[name] for name in names), 1)
    segments: list[Segment] = []
    x = 0.0
    for name in names:
        if counts[name] > 0:
            segments.append(Segment(name, round(x, 2), round(counts[name] * scale, 2)))
            x += counts[name] * scale
    return segments
