"""Network interfaces: what they are, and which lead out."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.interfaces import Interface, parse_interfaces

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask"


def interfaces(
    *places: str, values: str = "", parts: str = "", routes: str = "", routes6: str = ""
) -> dict[str, Interface]:
    shown = "\n".join(f"lrwxrwxrwx 1 root root 0 Nov 28 06:23 {place}" for place in places)
    text = (
        f"@@ places\n{shown}\n@@ values\n{values}\n@@ parts\n{parts}\n"
        f"@@ routes\n{HEAD}\n{routes}\n@@ routes6\n{routes6}\n@@ end\n"
    )
    return {i.name: i for i in parse_interfaces(text)}


PCI = "../../devices/pci0000:00/0000:00:03.0"


@pytest.mark.parametrize(
    ("place", "values", "parts", "kind"),
    [
        (f"{PCI}/net/x", "", "", "wired"),
        (f"{PCI}/usb1/1-1/1-1:1.0/net/x", "", "", "usb"),
        (f"{PCI}/net/x", "/sys/class/net/x/uevent:DEVTYPE=wlan", "", "wireless"),
        (f"{PCI}/net/x", "", "x wireless", "wireless"),
        (f"{PCI}/usb1/net/x", "/sys/class/net/x/uevent:DEVTYPE=wwan", "", "mobile"),
        ("../../devices/virtual/net/x", "/sys/class/net/x/type:65534", "", "tunnel"),
        ("../../devices/virtual/net/x", "", "x bridge", "bridge"),
        ("../../devices/virtual/net/x", "", "", "virtual"),
    ],
)
def test_kinds(place: str, values: str, parts: str, kind: str) -> None:
    assert interfaces(f"x -> {place}", values=values, parts=parts)["x"].kind == kind


@pytest.mark.parametrize(
    ("flags", "parts", "up", "promiscuous"),
    [
        ("0x1003", "", True, False),
        ("0x1103", "", True, True),
        ("0x1303", "x brport", True, False),
        ("0x1002", "", False, False),
    ],
)
def test_flags(flags: str, parts: str, up: bool, promiscuous: bool) -> None:
    found = interfaces(f"x -> {PCI}/net/x", values=f"/sys/class/net/x/flags:{flags}", parts=parts)["x"]
    assert (found.up, found.promiscuous) == (up, promiscuous)


def test_ways_out() -> None:
    places = [f"{name} -> {PCI}/net/{name}" for name in ("a", "b", "c", "d")]
    routes = (
        "a\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\n"
        "b\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\n"
        "c\t00000000\t0100000A\t0201\t0\t0\t0\t00000000"
    )
    found = interfaces(*places, routes=routes, routes6="00200200 lo\n00450003 d")
    assert [name for name, i in found.items() if i.default_route] == ["a", "d"]


@pytest.mark.parametrize("text", ["", "@@ places\n@@ end\n", f"@@ places\nlrwx 1 a -> {PCI}/net/a\n"])
def test_what_is_cut_off_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_interfaces(text)
