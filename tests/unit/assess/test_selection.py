"""Which items a grade owes: on the real catalogues."""

import pytest

from secaudit.assess.selection import catalogue_for, every_item, levels_of_steps
from secaudit.content.catalogue import load_catalogues
from secaudit.content.folder import content_dir
from secaudit.content.load import STANDARD_FOLDER
from secaudit.model.content import Catalogue, Extension
from secaudit.model.register import Grade
from secaudit.register.kinds import GRADES
from tests.unit.assess import samples


@pytest.fixture(scope="module")
def catalogues() -> dict[int, Catalogue]:
    return load_catalogues(content_dir("profiles") / STANDARD_FOLDER)


@pytest.mark.parametrize(("level", "items"), [(1, 55), (2, 135), (3, 211), (4, 228)])
def test_a_grade_of_one_level_owes_the_whole_level(
    catalogues: dict[int, Catalogue], level: int, items: int
) -> None:
    chosen = catalogue_for(catalogues, Grade(level, level))
    assert chosen == catalogues[level]
    assert len(chosen.requirements) == items


@pytest.mark.parametrize("text", GRADES)
def test_each_item_follows_its_class(catalogues: dict[int, Catalogue], text: str) -> None:
    grade = Grade(int(text[1]), int(text[3]))
    chosen = catalogue_for(catalogues, grade).requirements
    levels = {"S": grade.s, "A": grade.a, "G": grade.level}
    assert {(r.classification, r.level) for r in chosen} == set(levels.items())
    assert len({r.key for r in chosen}) == len(chosen)
    for classification, level in levels.items():
        owed = [r for r in catalogues[level].requirements if r.classification == classification]
        assert [r for r in chosen if r.classification == classification] == owed


def test_domains_stay_together(catalogues: dict[int, Catalogue]) -> None:
    domains = [r.domain_abbr for r in catalogue_for(catalogues, Grade(3, 2)).requirements]
    runs = [domain for place, domain in enumerate(domains) if place == 0 or domains[place - 1] != domain]
    assert len(runs) == len(set(domains)) == 10


def test_backup_follows_the_service_level(catalogues: dict[int, Catalogue]) -> None:
    chosen = catalogue_for(catalogues, Grade(3, 2))
    assert levels_of_steps(chosen)["ces.backup.a#1"] == 2
    assert levels_of_steps(chosen)["ces.authentication.a#1"] == 3
    assert "ces.backup.c#1" not in levels_of_steps(chosen)


def test_extensions_come_after_the_general_items(catalogues: dict[int, Catalogue]) -> None:
    """Of level 3 the cloud has 46 units, industrial control 21, whatever S or A is."""
    chosen = catalogue_for(catalogues, Grade(2, 3), (Extension.INDUSTRIAL, Extension.CLOUD)).requirements
    assert len(chosen) == 202 + 46 + 21
    assert [chosen[place].unit for place in (202, 247, 248, 268)] == [
        "L3-PES2-01",
        "L3-MMS2-01",
        "L3-PES5-01",
        "L3-CMS5-02",
    ]


def test_what_any_system_may_owe(catalogues: dict[int, Catalogue]) -> None:
    """629 units and those of the extensions: 29, 65, 107 and 114."""
    assert len(list(every_item(catalogues))) == 629 + 29 + 65 + 107 + 114


def test_an_item_whose_control_point_is_no_more_comes_last() -> None:
    own = samples.requirement(key="ces.x.a", point="身份鉴别")
    old = samples.requirement(key="ces.y.a", level=2, classification="A", point="旧控制点")
    catalogues = {3: samples.catalogue(own), 2: samples.catalogue(old, level=2)}
    assert catalogue_for(catalogues, Grade(3, 2)).requirements == (own, old)
