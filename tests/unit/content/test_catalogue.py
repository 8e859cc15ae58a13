"""The catalogue: complete, in the standard's order, and every mistake in its tables named."""

import shutil
from pathlib import Path

import pytest

from secaudit.content.catalogue import load_catalogues, step_number
from secaudit.content.folder import content_dir
from secaudit.content.load import STANDARD_FOLDER
from secaudit.errors import ContentError
from secaudit.model.content import Catalogue, Requirement, SeenBy

STANDARD = content_dir("profiles") / STANDARD_FOLDER


@pytest.fixture(scope="module")
def catalogues() -> dict[int, Catalogue]:
    return load_catalogues(STANDARD)


def item(catalogue: Catalogue, key: str) -> Requirement:
    """The one item with a key."""
    (found,) = [requirement for requirement in catalogue.requirements if requirement.key == key]
    return found


def test_every_item_and_step_of_the_standard_is_there(catalogues: dict[int, Catalogue]) -> None:
    assert {level: len(c.requirements) for level, c in catalogues.items()} == {1: 55, 2: 135, 3: 211, 4: 228}
    items = [requirement for c in catalogues.values() for requirement in c.requirements]
    assert len({requirement.unit for requirement in items}) == 629
    assert sum(len(requirement.steps) for requirement in items) == 1143
    assert len({requirement.key for requirement in items}) == 232


def test_an_item_holds_what_the_tables_say(catalogues: dict[int, Catalogue]) -> None:
    found = item(catalogues[3], "ces.authentication.a")
    assert (found.unit, found.clause, found.item, found.rule) == ("L3-CES1-01", "8.1.4.1", "a", "all")
    assert [step.id for step in found.steps] == [f"ces.authentication.a#{n}" for n in (1, 2, 3, 4)]
    assert "linux" in found.steps[2].kinds
    assert found.steps[2].seen_by is SeenBy.MACHINE
    assert found.steps[2].question.zh == "查配置或试登录，都没有空口令账户"


def test_a_step_number_may_differ_by_level(catalogues: dict[int, Catalogue]) -> None:
    at_3, at_4 = item(catalogues[3], "ces.malware.a"), item(catalogues[4], "ces.malware.a")
    assert len(at_3.steps) == 3
    assert [step.question for step in at_3.steps[1:]] == [step.question for step in at_4.steps]
    assert [step.id for step in at_4.steps] == ["ces.malware.a#1", "ces.malware.a#2"]


def test_a_key_is_at_most_once_a_level_and_only_power_and_backup_are_class_a(
    catalogues: dict[int, Catalogue],
) -> None:
    for catalogue in catalogues.values():
        keys = [requirement.key for requirement in catalogue.requirements]
        assert len(keys) == len(set(keys))
        of_a = {r.control_point.zh for r in catalogue.requirements if r.classification == "A"}
        assert of_a <= {"电力供应", "数据备份恢复"}


@pytest.mark.parametrize(
    ("cell", "level", "number"),
    [
        ("4", 1, 4),
        ("L3:1 L4:2", 3, 1),
        ("L3:1 L4:2", 4, 2),
        ("L3:1 L4:2", 2, None),
        ("", 1, None),
        ("x", 1, None),
        ("0", 1, None),
    ],
)
def test_step_numbers(cell: str, level: int, number: int | None) -> None:
    assert step_number(cell, level) == number


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        (
            "requirements.csv",
            "pes.anti-theft.a,1,",
            "pes.anti-theft.a,one,",
            "level: a whole number expected",
        ),
        (
            "requirements.csv",
            "pes.anti-theft.a,1,",
            "pes.anti-theft.a,5,",
            "level: one of 1, 2, 3, 4 expected",
        ),
        ("requirements.csv", "L1-PES1-02", "L1-PES1-99", "eval_unit: a unit of unit_rules.csv expected"),
        ("requirements.csv", "L1-PES1-02", "L1-PES1-01", "L1-PES1-01: each unit once"),
        (
            "requirements.csv",
            "pes.anti-theft.a,1,",
            "pes.anti-thief.a,1,",
            "key: the key of the unit's steps",
        ),
        (
            "unit_rules.csv",
            "L1-PES1-02,pes.anti-theft.a,2",
            "L1-PES1-02,pes.anti-theft.a,3",
            "steps 1 to 3 expected",
        ),
        ("unit_rules.csv", ",2,all", ",2,some", "rule: one of all, binary"),
        (
            "steps.csv",
            "pes.anti-theft.a,1,",
            "pes.anti-theft.a,first,",
            "step: a number, or one for each level",
        ),
        ("steps.csv", "L1-PES1-02;", "L5-PES1-02;", "units: units like L3-CES1-01 expected"),
        ("steps.csv", "L1-PES1-02;", "L1-PES1-98;", "L1-PES1-98: a unit of requirements.csv expected"),
        ("steps.csv", ",核查,", ",看看,", "method: one of 访谈, 核查, 测试 expected"),
        ("steps.csv", ",person,", ",nobody,", "seen_by: one of machine, part, person expected"),
        (
            "left_to_people.csv",
            "ces.audit.c,2,",
            "ces.audit.c,1,",
            "step: a step that such an asset shows in part expected",
        ),
        (
            "left_to_people.csv",
            "ces.audit.c,2,L2-CES1-10",
            "ces.audit.c,2,L5-CES1-10",
            "units: units like L3-CES1-01 expected",
        ),
    ],
)
def test_mistakes_are_named(tmp_path: Path, file: str, old: str, new: str, complaint: str) -> None:
    folder = shutil.copytree(STANDARD, tmp_path / "standard")
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_catalogues(folder)
    assert complaint in str(caught.value)
    assert str(folder) in caught.value.problems[0].file
