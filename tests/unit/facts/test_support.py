"""Support dates of a release, by os-release and the table of releases."""

from datetime import date

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.os import OperatingSystem, parse_os_release
from secaudit.facts.support import support_of
from secaudit.model.content import Lifecycle
from tests.unit.facts.recordings import public

ROWS = (
    Lifecycle("debian", "12", date(2026, 7, 11), date(2028, 6, 30)),
    Lifecycle("rhel", "8", date(2029, 5, 31), date(2033, 5, 31)),
    Lifecycle("sles", "15.0", date(2019, 12, 31), None),
    Lifecycle("centos", "8", date(2021, 12, 31), None),
    Lifecycle("centos-stream", "8", date(2024, 5, 31), None),
    Lifecycle("fedora", "30", date.min, None),
    Lifecycle("oracle-linux", "10", None, None),
)


def system(id_: str, version: str, name: str = "") -> OperatingSystem:
    return OperatingSystem(id_, (), version, "", name)


def test_debian() -> None:
    fact = support_of(system("debian", "12"), ROWS)
    assert (fact.end_of_life, fact.end_of_life_day, fact.has_extended) == ("2026-07-11", 20645, True)
    assert fact.extended_until == "2028-06-30"


def test_a_minor_release_falls_back_to_its_major() -> None:
    assert support_of(system("rhel", "8.10"), ROWS).cycle == "8"


def test_suse_writes_the_first_release_without_a_point() -> None:
    fact = support_of(system("sles", "15"), ROWS)
    assert (fact.cycle, fact.extended_until, fact.extended_until_day) == (
        "15.0",
        "none",
        fact.end_of_life_day,
    )


def test_centos_stream_is_another_product() -> None:
    assert support_of(system("centos", "8", "CentOS Stream 8"), ROWS).end_of_life == "2024-05-31"
    assert support_of(system("centos", "8", "CentOS Linux 8"), ROWS).end_of_life == "2021-12-31"


def test_an_end_on_an_unknown_day_is_over() -> None:
    fact = support_of(system("fedora", "30"), ROWS)
    assert fact.end_of_life == "over"
    assert fact.end_of_life_day < 0


@pytest.mark.parametrize(
    ("id_", "version"), [("kylin", "V10"), ("debian", "99"), ("debian", ""), ("ol", "10.1")]
)
def test_what_the_table_does_not_know_is_a_gap(id_: str, version: str) -> None:
    with pytest.raises(GapFound):
        support_of(system(id_, version), ROWS)


def test_public_os_release() -> None:
    assert support_of(parse_os_release(public("os-release/rhel/8.0")), ROWS).product == "rhel"
