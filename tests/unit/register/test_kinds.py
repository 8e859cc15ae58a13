"""The closed lists against the standard's tables."""

import csv

from secaudit.content.folder import content_dir
from secaudit.register.kinds import GRADES, KINDS, VISITED_KINDS
from secaudit.register.values import grade_of

# A linux or windows asset is a host; data are registered as data sets.
NO_ASSETS = {"host", "business-data", "configuration-data", "personal-data"}


def test_every_kind_of_object_of_the_steps_can_be_registered() -> None:
    steps = content_dir("profiles") / "standards" / "gbt22239-2019" / "steps.csv"
    with steps.open(encoding="utf-8", newline="") as file:
        objects = {kind for row in csv.DictReader(file) for kind in row["objects"].split(";")}
    assert objects - NO_ASSETS == set(KINDS) - {"linux", "windows"}


def test_kinds_stand_once_and_what_is_visited_is_a_kind() -> None:
    assert len(set(KINDS)) == len(KINDS)
    assert set(VISITED_KINDS) <= set(KINDS)


def test_the_level_of_every_grade_is_the_higher_of_the_two() -> None:
    assert len(set(GRADES)) == 16
    for text in GRADES:
        grade = grade_of(text)
        assert f"S{grade.s}A{grade.a}G{max(grade.s, grade.a)}" == text
