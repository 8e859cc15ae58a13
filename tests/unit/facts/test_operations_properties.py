"""Any text a target may send: every parser gives a value or a gap, never another exception."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.backup_artefacts import parse_artefacts
from secaudit.facts.cpu_flaws import parse_flaws
from secaudit.facts.crypto_policy import crypto_policy
from secaudit.facts.data_stores import data_stores
from secaudit.facts.fact import GapFound
from secaudit.facts.firewall import parse_firewall
from secaudit.facts.interfaces import parse_interfaces
from secaudit.facts.kernel import parse_kernel
from secaudit.facts.kernel_modules import parse_modules
from secaudit.facts.kernel_parameters import parse_values
from secaudit.facts.listeners import parse_sockets, process_names
from secaudit.facts.management_access import limited_by_wrappers
from secaudit.facts.mounts import parse_mounts
from secaudit.facts.outside import parse_nmap
from secaudit.facts.package_sources import parse_sources
from secaudit.facts.packages import Package, parse_packages
from secaudit.facts.pending_updates import parse_updates
from secaudit.facts.ports import Port
from secaudit.facts.processes import Processes, parse_processes
from secaudit.facts.scheduled_jobs import jobs_of, parse_lines
from secaudit.facts.services import parse_active, parse_enabled
from secaudit.facts.shares import parse_shares
from secaudit.facts.stale_programs import parse_stale
from secaudit.facts.sysctl_files import parse_sysctl_files
from secaudit.facts.time_sync import parse_state, parse_time_sync
from secaudit.facts.update_settings import parse_update_settings
from secaudit.facts.versions import is_newer
from tests.unit.facts.recordings import OWN

REDIS = Port("tcp", 6379, False, "", True, True, True, False, ("*",), "redis-server", "open", True, "")
CHRONY = Processes("systemd", (), ("chronyd",))
PARSERS: dict[str, Callable[[str], object]] = {
    "artefacts": parse_artefacts,
    "firewall": parse_firewall,
    "kernel": parse_kernel,
    "parameters": parse_values,
    "sysctl_files": parse_sysctl_files,
    "interfaces": parse_interfaces,
    "cpu_flaws": parse_flaws,
    "crypto_policy": lambda text: crypto_policy(
        "none", text, (Package("libssl3", "3.0.1", "amd64", "dpkg"),)
    ),
    "data_stores": lambda text: data_stores(text, (REDIS,), text),
    "shares": lambda text: parse_shares(text, frozenset({"nfs-server", "rsync", "snmpd"})),
    "stale_programs": parse_stale,
    "modules": parse_modules,
    "mounts": parse_mounts,
    "sources": parse_sources,
    "update_settings": lambda text: parse_update_settings(text, (), frozenset()),
    "sockets": parse_sockets,
    "process_names": process_names,
    "wrappers": limited_by_wrappers,
    "nmap": parse_nmap,
    "packages": parse_packages,
    "updates": parse_updates,
    "processes": parse_processes,
    "jobs": lambda text: jobs_of(parse_lines(text), like_debian=True),
    "enabled": parse_enabled,
    "active": parse_active,
    "time": lambda text: parse_time_sync(text, CHRONY),
    "time_state": lambda text: parse_state(text, "chronyd"),
    "time_state_ntpd": lambda text: parse_state(text, "ntpd"),
    "dpkg_order": lambda text: is_newer(text, "1.0", "dpkg"),
    "rpm_order": lambda text: is_newer(text, "1.0", "rpm"),
    "apk_order": lambda text: is_newer(text, "1.0", "apk"),
}
RECORDED = sorted(OWN.glob("*/*.txt"))
MARKS = (
    (
        "dpkg rpm apk ss netstat range proc|tcp proc|udp6 end total systemd sysv openrc inetd xinetd native none"
        " release build images packaged order flag nft ip ip6 ipv6 chronyd ntpd openntpd systemd-timesyncd linked deny"
        " allow held modules apt|release apt|packages apt|total apk|index apk|packages rpm|metadata"
        " rpm|installed rpm|errata reader files places values parts routes routes6 available builtin loaded disabled"
        " mounted fstab folders apt|settings apt|sources apt|pins rpm|settings rpm|locks apk|sources apk|world timers"
        " nfs rsync snmp spaces names maps argued policy openssl"
    )
    .replace("|", "\N{NO-BREAK SPACE}")
    .split(" ")
)

words = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        "tcp",
        "ii ",
        "0.0.0.0:22",
        "*:",
        "-A",
        "INPUT",
        ":INPUT",
        "*filter",
        "COMMIT",
        "-j",
        "!",
        "--dport",
        "99999",
        "1",
    ]
)
lines = st.lists(words, max_size=6).flatmap(lambda w: st.sampled_from(["\t", " "]).map(lambda s: s.join(w)))
marked = st.sampled_from(MARKS).map(lambda m: "@@ " + m.replace("\N{NO-BREAK SPACE}", " "))
texts = st.lists(lines | marked, max_size=12).map("\n".join) | st.text(max_size=200)


@pytest.mark.parametrize("name", PARSERS)
@given(text=texts)
def test_any_text_is_a_value_or_a_gap(name: str, text: str) -> None:
    with contextlib.suppress(GapFound):
        PARSERS[name](text)


@pytest.mark.parametrize("name", PARSERS)
@given(file=st.sampled_from(RECORDED), data=st.data())
def test_a_recording_cut_or_spoilt_is_a_value_or_a_gap(name: str, file: Path, data: st.DataObject) -> None:
    text = file.read_text()
    cut = data.draw(st.integers(0, len(text)))
    put = data.draw(words)
    with contextlib.suppress(GapFound):
        PARSERS[name](text[:cut] + put + text[cut + data.draw(st.integers(0, 5)) :])
