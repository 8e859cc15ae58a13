"""The running kernel against the installed ones, in the order of each family."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.kernel import Kernel, flavour_of, parse_kernel
from secaudit.facts.versions import is_newer, newest


def kernel(
    release: str,
    *images: str,
    order: str = "dpkg",
    build: str = "#1 SMP",
    packaged: str = "",
    flag: str = "no",
) -> Kernel:
    shown = "\n".join(images)
    return parse_kernel(
        f"@@ release\n{release}\n@@ build\n{build}\n@@ images\n{shown}\n@@ packaged\n{packaged}\n"
        f"@@ order\n{order}\n@@ flag\n{flag}\n"
    )


def test_numbers_are_compared_as_numbers() -> None:
    fact = kernel("6.1.0-9-amd64", "6.1.0-9-amd64", "6.1.0-40-amd64")
    assert (fact.newest, fact.current) == ("6.1.0-40-amd64", False)


def test_other_flavours_do_not_count() -> None:
    fact = kernel("6.1.0-40-cloud-amd64", "6.1.0-40-cloud-amd64", "6.12.1-amd64")
    assert (fact.flavour, fact.current, fact.managed) == ("cloud-amd64", True, True)


def test_rpm_order_differs_from_the_order_of_dpkg() -> None:
    one, other = "5.14.0-503.el9.x86_64", "5.14.0-503.11.1.el9_5.x86_64"
    fact = kernel(one, one, other, "0-rescue-abc", order="rpm")
    assert (fact.newest, fact.current) == (other, False)


def test_another_build_of_the_same_release_does_not_count() -> None:
    one, debug = "5.14.0-503.el9.x86_64", "5.14.0-503.el9.x86_64+debug"
    assert kernel(one, one, debug, order="rpm").current
    pages = "5.14.0-503.el9.aarch64+64k"
    assert not kernel(pages, pages, "5.14.0-570.el9.aarch64+64k", order="rpm").current


def test_alpine_by_the_folders_of_its_modules() -> None:
    assert kernel("6.6.58-0-lts", "lts", "6.6.58-0-lts", order="rpm").current
    upgraded = kernel("6.6.58-0-lts", "lts", "6.6.63-0-lts", order="rpm")
    assert (upgraded.managed, upgraded.current, upgraded.newest) == (True, False, "6.6.63-0-lts")


def test_a_rebuild_of_the_same_release_waits_for_a_restart() -> None:
    build = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)"
    assert not kernel("6.1.0-37-amd64", "6.1.0-37-amd64", build=build, packaged="ii 6.1.147-1").current
    assert kernel("6.1.0-37-amd64", "6.1.0-37-amd64", build=build, packaged="ii 6.1.140-1").current


def test_a_container_has_no_kernel_of_its_own() -> None:
    fact = kernel("6.1.0-37-amd64")
    assert (fact.images, fact.managed, fact.newest) == (False, False, "none")


def test_the_mark_of_the_distribution() -> None:
    assert kernel("6.1.0-37-amd64", "6.1.0-37-amd64", flag="yes").reboot_required


@pytest.mark.parametrize("release", ["", "nonsense", "6.1.0 37", "é.1"])
def test_no_release_is_a_gap(release: str) -> None:
    with pytest.raises(GapFound):
        kernel(release)


@pytest.mark.parametrize(
    ("release", "flavour"),
    [
        ("5.15.0-25-generic", "generic"),
        ("5.14.21-150400.24.100-default", "default"),
        ("4.19.90-2109.1.0.ky10.x86_64", ""),
    ],
)
def test_flavours(release: str, flavour: str) -> None:
    assert flavour_of(release) == flavour


def test_version_orders() -> None:
    assert is_newer("2:1.0", "9.9", "dpkg")
    assert is_newer("1.0", "1.0~rc1", "dpkg")
    assert newest(("1.2.4-r2", "1.2.4-r10", "1.2.4-r9"), "apk") == "1.2.4-r10"


@pytest.mark.parametrize("text", ["", "é", "abc", "1 2", "-1"])
@pytest.mark.parametrize("source", ["dpkg", "rpm", "apk"])
def test_nonsense_is_no_version(text: str, source: str) -> None:
    with pytest.raises(GapFound):
        is_newer(text, "1.0", source)
