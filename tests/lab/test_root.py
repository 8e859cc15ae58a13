"""How root is had on real hosts, and hosts that would lead a visit astray: nothing but gaps with their reasons."""

import re
from pathlib import Path

import pytest

from secaudit.collect.sudoers import sudoers_text
from secaudit.model.evidence import GapReason, Observation
from secaudit.model.register import Sudo
from secaudit.model.result import Verdict
from secaudit.model.run import Plan
from secaudit.store import open_store
from tests.lab import workspace
from tests.lab.audits import Watched, scan, watched_scan
from tests.lab.hosts import PASSWORD, USER, Lab
from tests.lab.test_bad_hosts import decided, reasons

SOUND = "h2"
HOSTS = ("sudolisted", "requiretty", "fulldisk", "notimeout", "hostilepath", "sudoasks")
BY_PASSWORD = "h41"
# sudo 1.9.5 and 1.9.16
# what older sudo writes
OF_SUDO_ITSELF = ("/var/lib came", "/var/lib/sudo came", "/var/lib/sudo/lectured")
OTHER_RELEASES = ("h48", "h49")
# What a listed command cannot tell: it looks where names are not fixed.
OF_SUDO = {"linux.access.sudo_least_privilege", "linux.access.administrators_separated"}


@pytest.fixture(scope="module")
def rooted(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """One scan of them all; on the host with listed commands lies what secaudit prints for it."""
    names = (SOUND, BY_PASSWORD, *OTHER_RELEASES, *(lab.having(fault).name for fault in HOSTS))
    listed = lab.having("sudolisted").name
    plan = frozen_plan(lab, tmp_path_factory.mktemp("plan") / "workspace", listed)
    (asset,) = plan.assets
    text = sudoers_text(USER, asset.probes, Sudo.LISTED).encode()
    install = "cat >/etc/sudoers.d/secaudit && chmod 440 /etc/sudoers.d/secaudit && visudo -c"
    lab.exec(listed, "sh", "-c", install, given=text)
    return watched_scan(lab, tmp_path_factory.mktemp("root") / "workspace", names)


def frozen_plan(lab: Lab, folder: Path, host: str) -> Plan:
    """The plan of a scan of one host, as it is stored; the host does not let secaudit become root yet."""
    audit = scan(workspace.write(folder, lab, [host], port_scan=False))
    with open_store(f"sqlite:///{folder / workspace.DATABASE}") as store:
        return store.run(audit.run).plan


def observations(watched: Watched, host: str) -> dict[str, Observation]:
    with open_store(f"sqlite:///{watched.audit.workspace / workspace.DATABASE}") as store:
        return {seen.probe_id: seen for seen in store.observations(watched.audit.run, host)}


def verdicts(watched: Watched, host: str) -> dict[str, Verdict]:
    return {r.check_id: r.verdict for r in watched.audit.records[host].results}


def test_a_password_opens_all_that_a_sudo_without_one_does(rooted: Watched) -> None:
    assert reasons(rooted, BY_PASSWORD) == reasons(rooted, SOUND)
    assert [
        o.probe_id
        for o in observations(rooted, BY_PASSWORD).values()
        if o.gap and o.probe_id != "outside.ports"
    ] == []


@pytest.mark.parametrize("host", OTHER_RELEASES)
def test_a_password_opens_older_and_newer_releases(rooted: Watched, host: str) -> None:
    seen = observations(rooted, host).values()
    assert [o.probe_id for o in seen if o.gap and o.probe_id != "outside.ports"] == []
    assert any(o.root for o in seen)
    # sudo 1.9.5 notes that it has lectured where sudoers does not say !lecture, as the file does that we print
    assert [change for change in rooted.changes[host] if not change.startswith(OF_SUDO_ITSELF)] == []


def test_the_password_is_nowhere_but_in_its_file(rooted: Watched, lab: Lab) -> None:
    secret = PASSWORD.encode()
    for file in rooted.audit.workspace.rglob("*"):
        assert file.is_dir() or file.name == "password" or secret not in file.read_bytes(), file
    grep = ["grep", "-rlFs", PASSWORD, "/var/log", "/run", "/tmp", "/home", "/root", "/etc"]
    assert (
        lab.exec(BY_PASSWORD, "sh", "-c", f"{' '.join(grep[:3])} '{PASSWORD}' {' '.join(grep[4:])} || true")
        == b""
    )


def test_no_ticket_is_written(rooted: Watched, lab: Lab) -> None:
    """A ticket would let whoever is that user on the host be root for a while (sudoers_timestamp(5))."""
    assert (
        lab.exec(
            BY_PASSWORD,
            "sh",
            "-c",
            "find /run/sudo /var/lib/sudo -name audit -o -name 1000 2>/dev/null; true",
        )
        == b""
    )


def test_a_wrong_password_is_tried_once(lab: Lab, tmp_path: Path) -> None:
    folder = workspace.write(tmp_path / "w", lab, [BY_PASSWORD], port_scan=False)
    (folder / "password").write_text("not the password")
    failures = "grep -c 'sudo.*authentication failure' /var/log/auth.log || true"
    before = int(lab.exec(BY_PASSWORD, "sh", "-c", failures))
    audit = scan(folder)
    gaps = {str(r.gap.reason) for r in audit.records[BY_PASSWORD].results if r.gap}
    assert GapReason.SUDO_REFUSED in gaps
    assert int(lab.exec(BY_PASSWORD, "sh", "-c", failures)) == before + 1
    details = {r.gap.detail for r in audit.records[BY_PASSWORD].results if r.gap}
    assert any("did not accept the password" in detail for detail in details)


def test_listed_commands_answer_all_that_is_declared(rooted: Watched, lab: Lab) -> None:
    host = lab.having("sudolisted").name
    with open_store(f"sqlite:///{rooted.audit.workspace / workspace.DATABASE}") as store:
        plan = store.run(rooted.audit.run).plan
    (asset,) = [asset for asset in plan.assets if asset.asset_id == host]
    seen = observations(rooted, host)
    gaps = {probe.id: gap.reason for probe in asset.probes if (gap := seen[probe.id].gap)}
    assert gaps.pop("outside.ports", None) is None
    assert gaps == {p.id: GapReason.NEEDS_ROOT for p in asset.probes if p.root and not p.as_root}
    assert {
        "accounts.shadow",
        "sshd.effective",
        "sudo.rules",
        "firewall.rules",
        "logs.records",
        "listeners.processes",
    } < seen.keys()


def test_listed_commands_give_the_verdicts_of_root(rooted: Watched, lab: Lab) -> None:
    host = lab.having("sudolisted").name
    whole, listed = verdicts(rooted, BY_PASSWORD), verdicts(rooted, host)
    known = decided(rooted, host) - OF_SUDO
    assert {check: listed[check] for check in known} == {check: whole[check] for check in known}
    assert {
        "linux.identity.no_empty_password",
        "linux.access.ssh_root_login",
        "linux.audit.audit_areas",
    } <= known


def test_what_is_not_listed_is_refused_there(rooted: Watched, lab: Lab) -> None:
    host = lab.having("sudolisted").name
    for command in (
        "cat /etc/shadow /etc/gshadow",
        "cat /etc/ssh/ssh_host_ed25519_key",
        "iptables-save -M /bin/sh",
        "sh -c id",
    ):
        refused = f"su audit -c 'sudo -n {command} >/dev/null 2>&1' && echo allowed || echo refused"
        assert lab.exec(host, "sh", "-c", refused) == b"refused\n", command


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("requiretty", GapReason.SUDO_REQUIRES_TTY), ("sudoasks", GapReason.SUDO_REFUSED)],
)
def test_a_sudo_that_is_otherwise_than_declared_is_told(
    rooted: Watched, lab: Lab, fault: str, reason: GapReason
) -> None:
    host = lab.having(fault).name
    assert reason in reasons(rooted, host).values()
    assert decided(rooted, host)


@pytest.mark.parametrize("fault", ["fulldisk", "notimeout"])
def test_a_host_that_lacks_room_or_tools_is_visited_whole(rooted: Watched, lab: Lab, fault: str) -> None:
    host = lab.having(fault).name
    gaps = {o.probe_id: o.gap for o in observations(rooted, host).values() if o.gap}
    assert gaps == {}


def test_without_timeout_a_probe_is_limited_by_setsid(rooted: Watched, lab: Lab) -> None:
    assert rooted.audit.records[lab.having("notimeout").name].channel["limiter"] == "setsid"


def test_nothing_of_a_hostile_login_is_run(rooted: Watched, lab: Lab) -> None:
    """Its start files run before the script (the mark shows it), none of its programs afterwards."""
    host = lab.having("hostilepath").name
    gaps = {o.probe_id: o.gap for o in observations(rooted, host).values() if o.gap}
    assert gaps == {}
    visit = rooted.audit.records[host]
    assert visit.channel["uid"] == "1000"
    outputs = b"".join(o.output for o in observations(rooted, host).values())
    assert b"root:x:0:0::/root:/bin/sh" not in outputs


def test_a_clock_that_is_years_behind_is_told_and_ages_are_its_own(rooted: Watched, lab: Lab) -> None:
    host = lab.having("wrongclock").name
    visit = rooted.audit.records[host]
    assert visit.target_time is not None
    assert visit.started_at.year - visit.target_time.year == 9
    assert visit.clock_ahead_s is not None
    assert visit.clock_ahead_s < -8 * 365 * 86400


@pytest.mark.parametrize("fault", [*HOSTS, "sudopassword"])
def test_nothing_is_written_there(rooted: Watched, lab: Lab, fault: str) -> None:
    host = BY_PASSWORD if fault == "sudopassword" else lab.having(fault).name
    assert [change for change in rooted.changes[host] if not re.search("hostile", change)] == []
    processes = lab.exec(host, "ps", "ax", "-o", "user=,args=").splitlines()
    assert [line for line in processes if line.startswith(b"audit ")] == []
