"""The extension requirements (云计算, 移动互联, 物联网, 工业控制) as items that people judge unit by unit.

``extensions.csv`` names control points, how many items each has, and the evaluation units of GB/T 28448-2019. What an
item asks is not reproduced there: its text names control point and clause, and one step asks for the whole unit.
"""

import re
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Final

from secaudit.content.tables import Row, Table
from secaudit.language import _
from secaudit.model.content import ITSELF, Extension, Requirement, SeenBy, Step
from secaudit.model.text import Text

COLUMNS: Final = (
    *(
        "level",
        "extension",
        "ext_code",
        "clause",
        "domain",
        "domain_abbr",
        "control_point",
        "control_point_en",
    ),
    *("items_22239", "units_28448", "eval_unit_prefix", "first_unit", "last_unit", "class", "note"),
)
EXTENSIONS: Final = {
    "2": (Extension.CLOUD, Text("云计算", "Cloud computing")),
    "3": (Extension.MOBILE, Text("移动互联", "Mobile internet")),
    "4": (Extension.IOT, Text("物联网", "Internet of things")),
    "5": (Extension.INDUSTRIAL, Text("工业控制系统", "Industrial control")),
}
_UNIT: Final = re.compile(r"L[1-4]-[A-Z]{3}[2-5]-(\d{2})")


def load_extensions(table: Table) -> dict[int, dict[Extension, tuple[Requirement, ...]]]:
    """Level → extension → its items in the order of the standard; mistakes are on the table's list."""
    found: dict[int, dict[Extension, list[Requirement]]] = {}
    for row in table.rows():
        extension, name = EXTENSIONS[row.choice("ext_code", tuple(EXTENSIONS))]
        items = found.setdefault(row.number("level"), {}).setdefault(extension, [])
        items += _items(row, name)
    return {
        level: {extension: tuple(items) for extension, items in own.items()} for level, own in found.items()
    }


def _items(row: Row, name: Text) -> Iterator[Requirement]:
    units = list(_units(row))
    if not units:
        return
    asked = row.number("items_22239")
    if len(units) != row.number("units_28448") or not 0 < asked <= len(units):
        row.complain("last_unit", _("as many units as units_28448 says expected, and no fewer than items"))
        return
    before = len(units) - asked  # units that GB/T 28448 puts before those of the items
    for place, unit in enumerate(units):
        number = place - before + 1
        yield _item(
            row, unit, ascii_lowercase[number - 1] if number > 0 else "", _asks(row, name, number, unit)
        )


def _units(row: Row) -> Iterator[str]:
    first, last = (_UNIT.fullmatch(row.text(column)) for column in ("first_unit", "last_unit"))
    if first is None or last is None or int(last[1]) < int(first[1]):
        row.complain("first_unit", _("units like L3-CES2-01 expected"))
        return
    for number in range(int(first[1]), int(last[1]) + 1):
        yield f"{row.text('eval_unit_prefix')}{number:02}"


def _asks(row: Row, name: Text, number: int, unit: str) -> Text:
    """``云计算扩展要求“访问控制”第 1 项``: what is asked, by its place."""
    point, count = _point(row), row.number("items_22239")
    if number < 1:
        return Text(f"{name.zh}扩展要求“{point.zh}”的单元 {unit}", f"{name.en}, {point.en}: unit {unit}")
    if count == 1:
        return Text(f"{name.zh}扩展要求“{point.zh}”", f"{name.en}, {point.en}")
    return Text(
        f"{name.zh}扩展要求“{point.zh}”第 {number} 项，共 {count} 项",
        f"{name.en}, {point.en}: item {number} of {count}",
    )


def _point(row: Row) -> Text:
    return Text(row.text("control_point"), row.text("control_point_en"))


def _item(row: Row, unit: str, letter: str, asks: Text) -> Requirement:
    clause = row.text("clause")
    return Requirement(
        key=unit,
        level=row.number("level"),
        clause=clause,
        item=letter,
        domain=row.text("domain"),
        domain_abbr=row.text("domain_abbr"),
        control_point=_point(row),
        unit=unit,
        classification=row.choice("class", ("G",)),
        summary=asks,
        automatable="manual",
        rule="all",
        steps=(_step(unit, clause, asks),),
    )


def _step(unit: str, clause: str, asks: Text) -> Step:
    """The unit as one question: how its own steps combine is for the person who judges it."""
    return Step(
        id=f"{unit}#1",
        number=1,
        methods=("访谈", "核查", "测试"),
        objects=(ITSELF,),
        question=Text(
            f"{asks.zh}（GB/T 22239-2019 {clause}）的要求都做到了",
            f"{asks.en} is met (GB/T 22239-2019 {clause})",
        ),
        seen_by=SeenBy.PERSON,
        kinds=(),
        hint=f"原文见 GB/T 22239-2019 {clause}，测评步骤见 GB/T 28448-2019 单元 {unit}",
    )
