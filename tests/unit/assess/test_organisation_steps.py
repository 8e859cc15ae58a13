"""What an organisation answers for all its systems: only what is asked of all of them in the same words."""

import pytest

from secaudit.assess.organisation_steps import shared_objects, steps_of_all
from secaudit.assess.selection import catalogue_for
from secaudit.content.catalogue import load_catalogues
from secaudit.content.folder import content_dir
from secaudit.content.load import STANDARD_FOLDER
from secaudit.model.content import Catalogue, Extension
from secaudit.model.register import Grade, Organisation, SharedObject
from tests.unit.assess import samples

ROOMS = Organisation(
    "office",
    "局",
    objects=(
        SharedObject("room-1", "machine-room", "甲"),
        SharedObject("room-2", "machine-room", "乙", ("oa",)),
        SharedObject("rules", "document", "制度"),
    ),
)


@pytest.fixture(scope="module")
def catalogues() -> dict[int, Catalogue]:
    return load_catalogues(content_dir("profiles") / STANDARD_FOLDER)


def steps(catalogues: dict[int, Catalogue], *levels: int) -> set[str]:
    owed = [catalogue_for(catalogues, Grade(level, level)) for level in levels]
    return set(steps_of_all(owed))


def test_of_one_level_all_steps_of_its_domains_are_answered(catalogues: dict[int, Catalogue]) -> None:
    found = steps(catalogues, 3)
    assert {"pes.fire.a#1", "mms.media.a#2", "ors.posts.a#1"} <= found
    assert not any(step.startswith(("ces.", "cns.", "abs.", "smc.")) for step in found)


def test_a_step_that_is_worded_otherwise_is_left_to_each_system(catalogues: dict[int, Catalogue]) -> None:
    """Level 2 asks for records of approvals, level 3 for rules about them."""
    both = steps(catalogues, 3, 2)
    assert "ors.approval.b#1" in steps(catalogues, 3) & steps(catalogues, 2)
    assert "ors.approval.b#1" not in both
    assert "pss.policy.a#1" in both


def test_what_only_one_of_the_systems_owes_is_asked(catalogues: dict[int, Catalogue]) -> None:
    assert "mms.malware-management.b#1" in steps(catalogues, 3, 2) - steps(catalogues, 3)


def test_extensions_of_its_systems_are_asked(catalogues: dict[int, Catalogue]) -> None:
    owed = [
        catalogue_for(catalogues, Grade(3, 3), (Extension.CLOUD,)),
        catalogue_for(catalogues, Grade(2, 2)),
    ]
    found = steps_of_all(owed)
    assert "L3-CMS2-01#1" in found
    assert "L3-CES2-01#1" not in found
    assert "L2-CMS2-01#1" not in found


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        (("machine-room", "other:door-access"), ("room-1", "room-2")),
        (("document", "record"), ("",)),
        (("person",), ("",)),
        (("system",), ("",)),
    ],
)
def test_rooms_are_asked_one_by_one(objects: tuple[str, ...], expected: tuple[str, ...]) -> None:
    requirement = samples.requirement(samples.step(objects=objects))
    assert shared_objects(requirement, ROOMS, samples.system()) == expected


def test_without_registered_rooms_one_answer_is_for_all() -> None:
    requirement = samples.requirement(samples.step(objects=("machine-room",)))
    assert shared_objects(requirement, Organisation("office", "局"), samples.system()) == ("",)
