"""What an item is judged on, and which results tell of it."""

import pytest

from secaudit.assess.objects import objects_of
from secaudit.model.result import Verdict
from tests.unit.assess import samples


def ids(objects: tuple[str, ...], *kinds: str, data_sets: tuple[str, ...] = ()) -> list[str]:
    """The objects of an item whose steps look at these kinds."""
    assets = [samples.asset(f"{kind}-1", kind) for kind in kinds]
    declared = tuple(samples.data_set(name, name, f"{kinds[0]}-1") for name in data_sets)
    found = objects_of(
        samples.requirement(samples.step(objects=objects)), samples.system(*assets, data_sets=declared)
    )
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("objects", "kinds", "expected"),
    [
        (("host", "database"), ("linux", "database", "application"), ["linux-1", "database-1"]),
        (("host",), ("windows",), ["windows-1"]),
        (("application",), ("linux",), ["application"]),
        (("person", "other:topology"), ("linux",), ["person;other:topology"]),
        (("record", "machine-room"), ("machine-room",), ["machine-room-1"]),
        (("document",), ("document",), ["document"]),
    ],
)
def test_registered_objects_or_one_that_names_the_kinds(
    objects: tuple[str, ...], kinds: tuple[str, ...], expected: list[str]
) -> None:
    assert ids(objects, *kinds) == expected


def test_data_sets_are_the_objects_of_items_about_data() -> None:
    data = ("business-data", "configuration-data")
    assert ids(data, "linux", data_sets=("business",)) == ["business"]
    assert ids(data, "linux", data_sets=("business", "configuration")) == ["business", "configuration"]
    assert ids(("business-data",), "linux", data_sets=("configuration",)) == ["business-data"]
    assert ids(data, "linux") == ["business-data;configuration-data"]
    assert ids(("host", *data), "linux", data_sets=("business",)) == ["linux-1"]


def test_a_data_set_hears_of_itself_and_of_its_host() -> None:
    step = samples.step(objects=("business-data",))
    sets = (samples.data_set("a"), samples.data_set("b"))
    found = objects_of(samples.requirement(step), samples.system(data_sets=sets))[0]
    assert found.holds(samples.result(Verdict.PASS, object_id="a"))
    assert found.holds(samples.result(Verdict.PASS, object_id="h1"))
    assert not found.holds(samples.result(Verdict.PASS, object_id="b"))
    assert not found.holds(samples.result(Verdict.PASS, asset_id="h2"))


def test_an_asset_hears_of_all_that_lies_on_it() -> None:
    found = objects_of(samples.requirement(), samples.system())[0]
    assert found.holds(samples.result(Verdict.PASS, object_id="db"))
    assert not found.holds(samples.result(Verdict.PASS, asset_id="h2"))


def test_a_host_tells_nothing_of_an_application_nobody_registered() -> None:
    step = samples.step(objects=("application", "design-document"))
    (found,) = objects_of(samples.requirement(step), samples.system())
    assert not found.registered
    assert not found.holds(samples.result(Verdict.PASS))


def test_every_host_tells_of_what_no_asset_could_be() -> None:
    step = samples.step(objects=("other:audit-system",))
    assets = (samples.asset("h1"), samples.asset("h2"))
    (found,) = objects_of(samples.requirement(step), samples.system(*assets))
    assert found.holds(samples.result(Verdict.FAIL, asset_id="h2"))
