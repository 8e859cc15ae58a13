"""What an item is judged on, and which results tell of it."""

from dataclasses import replace

import pytest

from secaudit.assess.objects import judged, objects_of
from secaudit.model.register import System
from secaudit.model.result import Verdict
from secaudit.model.scope import Sample
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
    system = samples.system(samples.asset("h1"), samples.asset("h2"), data_sets=sets)
    found = objects_of(samples.requirement(step), system)[0]
    assert [asset.id for asset in found.assets] == ["h1"]
    assert found.holds(samples.result(Verdict.PASS, object_id="a"))
    assert found.holds(samples.result(Verdict.PASS, object_id="h1"))
    assert not found.holds(samples.result(Verdict.PASS, object_id="b"))


def test_a_host_hears_of_all_that_lies_on_it_and_of_no_other() -> None:
    found = objects_of(samples.requirement(), samples.system(samples.asset("h1"), samples.asset("h2")))[0]
    assert [asset.id for asset in found.assets] == ["h1"]
    assert found.holds(samples.result(Verdict.PASS, object_id="db"))


@pytest.mark.parametrize("registered", [False, True])
def test_hosts_tell_of_what_no_host_could_be(registered: bool) -> None:
    """A host that bridges two networks fails the boundary, whether a firewall is registered or not."""
    hosts = (samples.asset("h1"), samples.asset("h2"))
    firewall = (samples.asset("fw", "security-device", "none"),) if registered else ()
    step = samples.step(objects=("security-device", "gateway"))
    (found,) = objects_of(samples.requirement(step), samples.system(*hosts, *firewall))
    assert [asset.id for asset in found.assets] == [*(["fw"] if registered else []), "h1", "h2"]
    assert found.registered is registered
    assert found.absent is not registered


def test_hosts_tell_nothing_of_another_kind_where_hosts_are_objects_themselves() -> None:
    assets = (samples.asset("h1"), samples.asset("db", "database"))
    host, database = objects_of(samples.requirement(), samples.system(*assets))
    assert [asset.id for asset in host.assets] == ["h1"]
    assert [asset.id for asset in database.assets] == ["db"]


def test_every_host_tells_of_what_no_asset_could_be() -> None:
    step = samples.step(objects=("other:audit-system",))
    assets = (samples.asset("h1"), samples.asset("h2"))
    (found,) = objects_of(samples.requirement(step), samples.system(*assets))
    assert [asset.id for asset in found.assets] == ["h1", "h2"]
    assert not found.absent


@pytest.mark.parametrize(
    ("told", "unseen"),
    [({"h1", "h2"}, ()), ({"h1"}, ("h2",)), (set(), ("h1", "h2"))],
)
def test_what_machines_did_not_see_of_a_central_log(told: set[str], unseen: tuple[str, ...]) -> None:
    """A room shows nothing of it, and is not missed."""
    assets = (samples.asset("h1"), samples.asset("h2"), samples.asset("room", "machine-room"))
    step = samples.step(objects=("other:audit-system",))
    (found,) = objects_of(samples.requirement(step), samples.system(*assets))
    assert found.unseen(step, told) == unseen


def test_a_firewall_is_unseen_whatever_hosts_tell_of_it() -> None:
    assets = (samples.asset("h1"), samples.asset("fw", "security-device", "none"))
    step = samples.step(objects=("security-device",))
    (found,) = objects_of(samples.requirement(step), samples.system(*assets))
    assert found.unseen(step, {"h1"}) == ("fw",)


def test_an_item_of_an_extension_is_judged_on_the_system_itself() -> None:
    assets = (samples.asset("h1"), samples.asset("app", "application"))
    (found,) = objects_of(samples.requirement(samples.step(objects=("system",))), samples.system(*assets))
    assert (found.id, found.kind, found.registered, found.assets) == ("oa", "system", True, ())


@pytest.mark.parametrize(
    ("objects", "kinds", "found", "members"),
    [
        (("person", "record"), ("person", "record"), ["person;record"], ("person-1", "record-1")),
        (("machine-room", "other:door-access"), ("machine-room", "other:door-access"), ["machine-room-1"],
         ("other:door-access-1",)),
        (("document",), ("machine-room",), ["document"], ()),
        (("other:audit-system",), ("other:audit-system", "linux"), ["other:audit-system-1"], ()),
    ],
)  # fmt: skip
def test_people_documents_and_parts_are_looked_at_together(
    objects: tuple[str, ...], kinds: tuple[str, ...], found: list[str], members: tuple[str, ...]
) -> None:
    assets = [samples.asset(f"{kind}-1", kind, "none") for kind in kinds]
    step = samples.step(objects=objects)
    several = objects_of(samples.requirement(step), samples.system(*assets))
    assert [one.id for one in several] == found
    assert {one.members for one in several} == {members}


def test_hosts_suffice_for_an_audit_system_that_is_registered() -> None:
    assets = (samples.asset("h1"), samples.asset("log", "other:audit-system", "none"))
    step = samples.step(objects=("other:audit-system",))
    (found,) = objects_of(samples.requirement(step), samples.system(*assets))
    assert (found.id, found.unseen(step, {"h1"})) == ("log", ())
    assert found.unseen(step, set()) == ("h1",)


def sampled(*names: str) -> System:
    """Three hosts, of which these were chosen, a database, a data set on the third host, a shared room."""
    hosts = (samples.asset("h1"), samples.asset("h2"), samples.asset("h3"), samples.asset("db", "database"))
    sample = Sample("linux", names, "张三", samples.TODAY, "同型号")
    room = samples.asset("room", "machine-room", "none")
    system = samples.system(*hosts, data_sets=(samples.data_set("files", on="h3"),))
    return replace(system, samples=(sample,), shared=(room,))


def test_items_are_judged_on_the_sample_and_on_what_is_shared() -> None:
    system = judged(sampled("h2"))
    assert [asset.id for asset in system.assets] == ["h2", "db", "room"]
    assert system.data_sets == ()
    rooms = objects_of(samples.requirement(samples.step(objects=("machine-room",))), system)
    assert [one.id for one in rooms] == ["room"]


def test_data_follows_the_asset_it_lies_on() -> None:
    assert [one.id for one in judged(sampled("h1", "h3")).data_sets] == ["files"]


def test_without_a_sample_everything_is_judged() -> None:
    system = replace(sampled("h1"), samples=())
    assert [asset.id for asset in judged(system).assets] == ["h1", "h2", "h3", "db", "room"]


def test_what_nobody_registered_is_unseen() -> None:
    step = samples.step(objects=("application", "design-document"))
    (found,) = objects_of(samples.requirement(step), samples.system())
    assert found.unseen(step, {"h1"}) == ("application;design-document",)
