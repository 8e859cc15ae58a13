"""The extension requirements: counts by level, unit numbers, texts that name their place and invent nothing."""

import shutil
from pathlib import Path

import pytest

from secaudit.content.catalogue import load_catalogues
from secaudit.content.folder import content_dir
from secaudit.content.load import STANDARD_FOLDER
from secaudit.errors import ContentError
from secaudit.model.content import Catalogue, Extension, Requirement, SeenBy

STANDARD = content_dir("profiles") / STANDARD_FOLDER


@pytest.fixture(scope="module")
def catalogues() -> dict[int, Catalogue]:
    return load_catalogues(STANDARD)


# Level 3, cloud: 1 + 5 + (2 + 4 + 2) + (1 + 2 + 3 + 3 + 4 + 4 + 2) + 4 + (5 + 3) + 1 = 46.
# Mobile: 1 + (1 + 1 + 6) + (2 + 3) + (2 + 2) + 1 = 19. Industrial: 2 + (3 + 1) + (2 + 2 + 4) + 5 + (1 + 1) = 21.
# Internet of things: 4 + (1 + 2) + (3 + 4 + 2 + 1) + 3 = 20 items in 21 units (网关节点设备安全 has five).
@pytest.mark.parametrize(
    ("extension", "units"),
    [
        (Extension.CLOUD, (11, 29, 46, 49)),
        (Extension.MOBILE, (5, 14, 19, 21)),
        (Extension.IOT, (4, 7, 21, 22)),
        (Extension.INDUSTRIAL, (9, 15, 21, 22)),
    ],
)
def test_units_of_each_level(
    catalogues: dict[int, Catalogue], extension: Extension, units: tuple[int, ...]
) -> None:
    assert tuple(len(catalogues[level].extensions[extension]) for level in (1, 2, 3, 4)) == units


def unit(catalogue: Catalogue, name: str) -> Requirement:
    """The item of an extension with that unit."""
    (found,) = [r for items in catalogue.extensions.values() for r in items if r.unit == name]
    return found


def test_every_unit_is_there_once_and_no_number_is_made_up(catalogues: dict[int, Catalogue]) -> None:
    for level, catalogue in catalogues.items():
        units = [r.unit for items in catalogue.extensions.values() for r in items]
        assert len(units) == len(set(units))
        assert all(name.startswith(f"L{level}-") for name in units)
    at_3 = {r.unit for r in catalogues[3].extensions[Extension.CLOUD]}
    assert {f"L3-CMS2-0{n}" for n in (1, 2, 3, 4, 5, 7, 8, 9)} <= at_3
    assert "L3-CMS2-06" not in at_3


def test_an_item_names_its_place_and_is_answered_by_a_person(catalogues: dict[int, Catalogue]) -> None:
    found = unit(catalogues[3], "L3-ABS2-04")
    assert (found.key, found.clause, found.item, found.classification) == ("L3-ABS2-04", "8.2.3.2", "b", "G")
    assert found.summary.zh == "云计算扩展要求“入侵防范”第 2 项，共 4 项"
    (step,) = found.steps
    assert (step.id, step.seen_by, step.objects) == ("L3-ABS2-04#1", SeenBy.PERSON, ("system",))
    assert (
        step.question.zh
        == "云计算扩展要求“入侵防范”第 2 项，共 4 项（GB/T 22239-2019 8.2.3.2）的要求都做到了"
    )
    assert unit(catalogues[3], "L3-PES2-01").summary.zh == "云计算扩展要求“基础设施位置”"


def test_a_unit_without_an_item_comes_before_those_of_the_items(catalogues: dict[int, Catalogue]) -> None:
    units = [unit(catalogues[3], f"L3-CES4-0{n}") for n in range(4, 9)]
    assert [one.item for one in units] == ["", "a", "b", "c", "d"]
    assert units[0].summary.zh == "物联网扩展要求“网关节点设备安全”的单元 L3-CES4-04"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("L3-CNS2-05,G", "L3-CNS2-06,G", "last_unit"),
        (
            "8.2.2.1,安全通信网络,CNS,网络架构,Network architecture,5,5",
            "8.2.2.1,安全通信网络,CNS,网络架构,Network architecture,6,5",
            "last_unit",
        ),
        ("L3-CNS2-01,L3", "L3-CNS1-01,L3", "first_unit"),
        ("3,云计算,2,8.2.2.1", "3,云计算,6,8.2.2.1", "ext_code"),
    ],
)
def test_mistakes_of_the_table_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "standard"
    shutil.copytree(STANDARD, folder)
    table = folder / "extensions.csv"
    text = table.read_text()
    assert old in text
    table.write_text(text.replace(old, new))
    with pytest.raises(ContentError) as caught:
        load_catalogues(folder)
    assert [(p.field, p.line) for p in caught.value.problems] == [
        (said, text[: text.index(old)].count("\n") + 1)
    ]
