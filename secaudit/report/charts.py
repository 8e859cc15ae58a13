"""The geometry of the charts; the templates draw it as SVG, Word documents as shapes."""

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


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a column: ``name`` colours it; y counts from the top."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of columns: its boxes, the middle of each column, and lines of the scale (y → value)."""

    boxes: tuple[Box, ...]
    middles: tuple[float, ...]
    scale: tuple[tuple[float, int], ...]
    step: float


def columns(
    names: Sequence[str], many: Sequence[Mapping[str, int] | None], width: float, height: float
) -> Columns:
    """A column for each of ``many``, none for None, of its names from the bottom up; the highest fits ``height``."""
    top = _rounded_up(max((sum(counts[name] for name in names) for counts in many if counts), default=0))
    step = width / max(len(many), 1)
    boxes: list[Box] = []
    for place, counts in enumerate(many):
        y = height
        for name in names if counts else ():
            part = (counts or {})[name] * height / top
            y -= part
            if part:
                box = Box(name, place * step + step * 0.15, y, step * 0.7, part)
                boxes.append(Box(name, *(round(size, 2) for size in (box.x, box.y, box.width, box.height))))
    lines = sorted({0, top // 2, top} if top > 1 else {0, top})
    return Columns(
        boxes=tuple(boxes),
        middles=tuple(round((place + 0.5) * step, 2) for place in range(len(many))),
        scale=tuple((round(height - value * height / top, 2), value) for value in lines),
        step=round(step, 2),
    )


def _rounded_up(value: int) -> int:
    """To what a scale can end with: 0 → 1, 7 → 7, 83 → 90, 1234 → 1300."""
    if value < 10:
        return max(value, 1)
    unit = 10 if value < 100 else 10 ** (len(str(value)) - 2)
    return -(-value // unit) * unit
