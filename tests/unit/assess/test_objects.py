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


def test_what_nobody_registered_is_unseen() -> None:
    step = samples.step(objects=("application", "design-document"))
    (found,) = objects_of(samples.requirement(step), samples.system())
    assert found.unseen(step, {"h1"}) == ("application;design-document",)
