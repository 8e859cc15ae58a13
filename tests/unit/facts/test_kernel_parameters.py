"""Parameters of the kernel: what takes effect now, and what holds after the next boot."""

from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.kernel_parameters import (
    PARAMETERS,
    KernelParameter,
    build_parameters,
    kernel_parameters,
    parse_values,
)
from secaudit.facts.sysctl_files import FILES, AtBoot, parse_sysctl_files, path_of
from tests.unit.facts.answers import evidence, in_root

NOTHING = AtBoot({}, (), frozenset())


def files(*named: tuple[str, str], reader: str = "systemd") -> AtBoot:
    """Files with their lines, as the probe prints them."""
    marks = "".join(f"#+ {path}\n" for path, _ in named)
    texts = "".join(
        f"#= {path}\n" + "".join(f" {line}\n" for line in text.splitlines()) for path, text in named
    )
    return parse_sysctl_files(f"@@ reader\n{reader}\n@@ files\n{marks}{texts}")


def one(now: dict[str, int], at_boot: AtBoot, key: str) -> KernelParameter:
    (found,) = (p for p in kernel_parameters(now, at_boot) if p.key == key)
    return found


def test_values_of_the_running_kernel() -> None:
    assert parse_values("net/ipv4/ip_forward:1\nkernel/perf_event_paranoid:-1\nend\n") == {
        "net/ipv4/ip_forward": 1,
        "kernel/perf_event_paranoid": -1,
    }


@pytest.mark.parametrize("text", ["", "end", "net/ipv4/ip_forward:1", "garbage\nend"])
def test_values_that_are_cut_off(text: str) -> None:
    with pytest.raises(GapFound):
        parse_values(text)


@pytest.mark.parametrize("text", ["", "@@ reader\nsystemd\n", "@@ files\n", "@@ reader\nother\n@@ files\n"])
def test_files_that_are_cut_off(text: str) -> None:
    with pytest.raises(GapFound):
        parse_sysctl_files(text)


def test_set_by_hand_is_lost_at_the_next_boot() -> None:
    row = one({"kernel/kptr_restrict": 1}, NOTHING, "kernel.kptr_restrict")
    assert (row.value, row.at_boot, row.lasting) == (1, 0, False)


def test_what_the_kernel_was_built_with_lasts() -> None:
    assert one({"kernel/dmesg_restrict": 1}, NOTHING, "kernel.dmesg_restrict").lasting


def test_the_file_whose_name_sorts_last_counts_wherever_it_lies() -> None:
    found = files(
        ("/etc/sysctl.d/60-site.conf", "kernel.kptr_restrict = 1"),
        ("/usr/lib/sysctl.d/90-vendor.conf", "kernel.kptr_restrict=0"),
    )
    assert found.value("kernel/kptr_restrict") == 0


def test_a_file_in_etc_hides_its_namesake() -> None:
    found = files(
        ("/etc/sysctl.d/50-a.conf", ""),
        ("/run/sysctl.d/50-a.conf", "kernel.sysrq=1"),
        ("/lib/sysctl.d/50-a.conf", "kernel.sysrq=2"),
    )
    assert found.value("kernel/sysrq") is None


@pytest.mark.parametrize(("reader", "value"), [("systemd", None), ("sysctl", 1)])
def test_systemd_does_not_read_sysctl_conf(reader: str, value: int | None) -> None:
    assert files(("/etc/sysctl.conf", "kernel.sysrq = 1"), reader=reader).value("kernel/sysrq") == value


def test_ufw_comes_last() -> None:
    found = files(
        ("/etc/sysctl.d/99-z.conf", "net.ipv4.conf.all.rp_filter=0"),
        ("/etc/ufw/sysctl.conf", "net/ipv4/conf/all/rp_filter=1"),
    )
    assert found.value("net/ipv4/conf/all/rp_filter") == 1


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("kernel.sysrq=0", 0),
        ("kernel.sysrq\t=\t0", 0),
        ("-kernel.sysrq = 0", 0),
        ("kernel/sysrq = 0", 0),
        ("kernel.sysrq = 1\nkernel.sysrq = 0", 0),
        ("kernel.sysrq = 0 # as the kernel reads it", 0),
        ("kernel.sysrq = 0x10", 16),
        ("kernel.sysrq = 0X1f", 31),
        ("kernel.sysrq = 01", 1),
        ("kernel.sysrq = 020", 16),
        ("kernel.sysrq = -0x1", -1),
        ("kernel.sysrq = 0x", None),
        ("kernel.sysrq = 08", None),
        ("kernel.sysrq = 0b1", None),
        ("kernel.sysrq = +1", None),
        ("kernel.sysrq = 0xffffffff", None),
        ("kernel.sysrq = 1z", None),
        ("Kernel.sysrq = 0", None),
        ("kernel.sysrq = off", None),
        ("kernel.sysrq 0", None),
    ],
)
def test_forms_of_a_line(line: str, value: int | None) -> None:
    assert files(("/etc/sysctl.d/a.conf", line)).value("kernel/sysrq") == value


@pytest.mark.parametrize(("reader", "value"), [("systemd", None), ("sysctl", 0)])
def test_systemd_keeps_the_last_line_even_where_the_kernel_refuses_it(reader: str, value: int | None) -> None:
    """It writes once, sysctl(8) line by line; a pattern does not stand in for a line that was refused."""
    lines = "kernel.sysr* = 0\nkernel.sysrq = 0\nkernel.sysrq = off"
    assert files(("/etc/sysctl.d/a.conf", lines), reader=reader).value("kernel/sysrq") == value


def test_patterns_give_way_to_plain_lines() -> None:
    found = files(
        ("/etc/sysctl.d/a.conf", "net.ipv4.conf.eth0.rp_filter = 1"),
        ("/etc/sysctl.d/b.conf", "net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.eth1.rp_filter"),
    )
    shown = [found.value(f"net/ipv4/conf/{i}/rp_filter") for i in ("eth0", "eth1", "eth2")]
    assert shown == [1, None, 2]


def test_a_dot_in_the_name_of_an_interface() -> None:
    assert path_of("net.ipv4.conf.eth0/100.rp_filter") == "net/ipv4/conf/eth0.100/rp_filter"
    assert path_of("net/ipv4/conf/eth0.100/rp_filter") == "net/ipv4/conf/eth0.100/rp_filter"


def interfaces(setting: str, everywhere: int, here: int, **more: int) -> dict[str, int]:
    return {f"net/ipv4/conf/all/{setting}": everywhere, f"net/ipv4/conf/eth0/{setting}": here, **more}


@pytest.mark.parametrize(
    ("setting", "everywhere", "here", "value"),
    [
        ("accept_redirects", 0, 1, 1),
        ("accept_redirects", 0, 0, 0),
        ("send_redirects", 0, 1, 1),
        ("accept_source_route", 0, 1, 0),
        ("accept_source_route", 1, 1, 1),
        ("rp_filter", 0, 2, 2),
        ("rp_filter", 2, 1, 2),
        ("log_martians", 1, 0, 1),
    ],
)
def test_all_and_the_interface_together(setting: str, everywhere: int, here: int, value: int) -> None:
    now = interfaces(setting, everywhere, here)
    assert one(now, NOTHING, f"net.ipv4.conf.eth0.{setting}").value == value


def test_a_router_accepts_redirects_only_where_both_say_so() -> None:
    now = {**interfaces("accept_redirects", 0, 1), "net/ipv4/ip_forward": 1}
    assert one(now, NOTHING, "net.ipv4.conf.eth0.accept_redirects").value == 0


def test_after_a_boot_an_interface_starts_with_what_default_says() -> None:
    now = interfaces("accept_redirects", 0, 0)
    only_all = files(("/etc/sysctl.d/a.conf", "net.ipv4.conf.all.accept_redirects = 0"))
    both = files(
        (
            "/etc/sysctl.d/a.conf",
            "net.ipv4.conf.all.accept_redirects = 0\nnet.ipv4.conf.default.accept_redirects = 0",
        )
    )
    assert not one(now, only_all, "net.ipv4.conf.eth0.accept_redirects").lasting
    assert one(now, both, "net.ipv4.conf.eth0.accept_redirects").lasting


@pytest.mark.parametrize(
    ("lines", "at_boot"),
    [
        ("net.ipv6.conf.default.accept_redirects = 0", 1),
        ("net.ipv6.conf.default.accept_redirects = 0\nnet.ipv6.conf.eth0.accept_redirects = 0", 0),
        ("net.ipv6.conf.*.accept_redirects = 0", 0),
    ],
)
def test_an_ipv6_interface_that_is_there_before_default_is_set_does_not_take_it(
    lines: str, at_boot: int
) -> None:
    now = {f"net/ipv6/conf/{place}/accept_redirects": 0 for place in ("all", "default", "eth0")}
    row = one(now, files(("/etc/sysctl.d/a.conf", lines)), "net.ipv6.conf.eth0.accept_redirects")
    assert (row.value, row.at_boot, row.lasting) == (0, at_boot, not at_boot)


def test_an_ipv6_interface_may_come_after_a_default_that_opens() -> None:
    now = {f"net/ipv6/conf/{place}/accept_source_route": 0 for place in ("all", "default", "eth0")}
    found = files(("/etc/sysctl.d/a.conf", "net.ipv6.conf.default.accept_source_route = 1"))
    assert one(now, found, "net.ipv6.conf.eth0.accept_source_route").at_boot == 1


def test_interfaces_that_come_and_go_or_have_no_ipv6_are_left_out() -> None:
    now = {
        "net/ipv4/conf/all/rp_filter": 1,
        "net/ipv4/conf/default/rp_filter": 1,
        "net/ipv4/conf/veth12ab/rp_filter": 1,
        "net/ipv4/conf/sit0/rp_filter": 1,
        "net/ipv4/conf/lo/rp_filter": 1,
        "net/ipv6/conf/eth0/accept_ra": 1,
        "net/ipv6/conf/eth0/disable_ipv6": 1,
    }
    assert kernel_parameters(now, NOTHING) == ()


def test_too_many_patterns_are_a_gap() -> None:
    lines = "\n".join(f"net.ipv4.conf.e{n}*.rp_filter=1" for n in range(300))
    with pytest.raises(GapFound):
        files(("/etc/sysctl.d/a.conf", lines))


def test_the_probe_on_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "etc/sysctl.d"
    folder.mkdir(parents=True)
    (folder / "10-site.conf").write_text(
        "# kernel.sysrq = 1\n; kernel.sysrq = 1\n\tkernel.sysrq\t= 16\nvm.swappiness = 1\n"
    )
    (folder / "20-masked.conf").symlink_to("/dev/null")
    (folder / "30-ignored.txt").write_text("kernel.sysrq = 1\n")
    (tmp_path / "etc/sysctl.conf").write_text("net.ipv4.ip_forward=1\n")
    (folder / "99-sysctl.conf").symlink_to("../sysctl.conf")
    text = in_root(tmp_path, FILES)
    assert "20-masked" in text
    assert "vm." not in text
    found = parse_sysctl_files(text)
    assert (found.value("kernel/sysrq"), found.value("net/ipv4/ip_forward")) == (16, 1)


def test_both_answers_together() -> None:
    rows = build_parameters(
        evidence({PARAMETERS: "kernel/sysrq:16\nend\n", FILES: "@@ reader\nsysctl\n@@ files\n"})
    )
    assert [(r.name, r.value, r.lasting) for r in rows] == [("kernel.sysrq", 16, True)]


def test_more_interfaces_than_any_host_has_are_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_values("".join(f"net/ipv4/conf/e{n}/rp_filter:1\n" for n in range(5_001)) + "end\n")
