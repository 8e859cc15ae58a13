"""Support dates of a release, by os-release and the table of releases."""

from datetime import date

import pytest

from secaudit.content.folder import content_dir
from secaudit.content.reference_tables import load_lifecycles
from secaudit.facts.fact import GapFound
from secaudit.facts.os import OperatingSystem, parse_os_release
from secaudit.facts.support import support_of
from secaudit.model.content import Lifecycle
from tests.unit.facts.recordings import public

LIFECYCLES = load_lifecycles(content_dir("profiles") / "lifecycles" / "end_of_life.csv")

ROWS = (
    Lifecycle("debian", "12", date(2026, 7, 11), date(2028, 6, 30)),
    Lifecycle("rhel", "8", date(2029, 5, 31), date(2033, 5, 31)),
    Lifecycle("sles", "15.0", date(2019, 12, 31), None),
    Lifecycle("centos", "8", date(2021, 12, 31), None),
    Lifecycle("centos-stream", "8", date(2024, 5, 31), None),
    Lifecycle("fedora", "30", date.min, None),
    Lifecycle("oracle-linux", "10", None, None),
    Lifecycle("openeuler", "22.03-lts", date(2024, 3, 31), None),
    Lifecycle("openeuler", "22.03-lts-sp4", date(2026, 6, 30), None),
    Lifecycle("openeuler", "25.03", date(2025, 9, 30), None),
    Lifecycle("anolis-os", "8", date(2031, 3, 31), None),
    Lifecycle("alpine-linux", "3.20", date(2026, 4, 1), None),
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


@pytest.mark.parametrize(
    ("version", "name", "cycle"),
    [
        ("22.03", "openEuler 22.03 (LTS-SP4)", "22.03-lts-sp4"),
        ("22.03", "openEuler 22.03 LTS", "22.03-lts"),
        ("22.03", "openEuler 22.03 (LTS)", "22.03-lts"),
        ("25.03", "openEuler 25.03", "25.03"),
    ],
)
def test_each_service_pack_of_openeuler_has_its_own_end(version: str, name: str, cycle: str) -> None:
    assert support_of(system("openeuler", version, name), ROWS).cycle == cycle


def test_anolis_by_its_first_number_and_alpine_by_two() -> None:
    assert support_of(system("anolis", "8.8"), ROWS).end_of_life == "2031-03-31"
    assert support_of(system("alpine", "3.20.7"), ROWS).cycle == "3.20"


def test_an_end_on_an_unknown_day_is_over() -> None:
    fact = support_of(system("fedora", "30"), ROWS)
    assert fact.end_of_life == "over"
    assert fact.end_of_life_day < 0


@pytest.mark.parametrize(
    ("id_", "version"),
    [
        ("kylin", "V10"),
        ("debian", "99"),
        ("debian", ""),
        ("ol", "10.1"),
        # the release alone names no service pack; others of Anolis are not in the table; edge is no release
        ("openeuler", "22.03"),
        ("anolis", "23"),
        ("alpine", "3.20_alpha20240329"),
    ],
)
def test_what_the_table_does_not_know_is_a_gap(id_: str, version: str) -> None:
    with pytest.raises(GapFound):
        support_of(system(id_, version), ROWS)


def test_public_os_release() -> None:
    assert support_of(parse_os_release(public("os-release/rhel/8.0")), ROWS).product == "rhel"


@pytest.mark.parametrize(
    ("path", "cycle", "end"),
    [
        ("openEuler/24.03", "24.03-lts-sp2", "2026-03-31"),
        ("alpine/3.20.7", "3.20", "2026-04-01"),
        ("sles/15.6", "15.6", "2025-12-31"),
        ("centos/7", "7", "2024-06-30"),
        ("rocky/8.9", "8", "2029-05-31"),
        ("almalinux/9.4", "9", "2032-05-31"),
        ("ubuntu/22.04", "22.04", "2027-04-01"),
    ],
)
def test_a_recorded_release_in_the_table_of_the_product(path: str, cycle: str, end: str) -> None:
    found = support_of(parse_os_release(public(f"os-release/{path}")), LIFECYCLES)
    assert (found.cycle, found.end_of_life) == (cycle, end)
