"""The geometry of the charts; the templates draw it as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


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
