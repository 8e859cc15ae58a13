"""The facts of real Debian hosts: what the probes printed on releases 11, 12 and 13, as installed but for a few lines.

Release 12 has auditd, a Match block, a narrow sudo rule and a log server on top.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.catalogue_identity import IDENTITY
from secaudit.facts.fact import build_facts
from secaudit.facts.sshd_answers import parse_sshd
from secaudit.model.content import References
from secaudit.model.evidence import Gap, Observation, Probe
from secaudit.model.register import Asset, System
from secaudit.model.schema import plain

RECORDED = Path(__file__).parent / "recorded"
SHARED = Path(__file__).parents[4] / "shared/data/recorded"
PROBES = {probe.id: probe for fact in IDENTITY for probe in fact.probes}


def facts_of(release: str, *names: str) -> dict[str, Any]:
    """The facts from the recorded outputs; groups are not recorded."""
    groups = Observation(
        "accounts.group", PROBES["accounts.group"].definition_hash, "", output=b"root:0:\n", exit_status=0
    )
    observations = {"accounts.group": groups}
    for probe in PROBES.values():
        file = RECORDED / release / f"{probe.id}.txt"
        if file.exists():
            observations[probe.id] = _observation(probe, file.read_bytes())
    built = build_facts(
        names,
        BUILT_IN,
        observations,
        object.__new__(Asset),
        object.__new__(System),
        References(),
        datetime(2026, 11, 23, tzinfo=UTC),
    )
    return {name: plain(value) for name, value in built.items()}


def _observation(probe: Probe, output: bytes) -> Observation:
    return Observation(probe.id, probe.definition_hash, probe.command, output=output, exit_status=0)


RELEASES = ["debian-11", "debian-12", "debian-13"]


@pytest.mark.parametrize("release", RELEASES)
def test_every_recorded_release_is_understood(release: str) -> None:
    names = [
        *(
            "identities",
            "accounts",
            "account_ageing",
            "account_sources",
            "new_account_rules",
            "lockout",
            "login_services",
        ),
        *("password_policy", "sshd_branches", "session_idle", "sudo_rules", "administrators", "file_modes"),
        *("audit_daemon", "logging", "log_targets"),
    ]
    built = facts_of(release, *names)
    assert [name for name, value in built.items() if isinstance(value, Gap)] == []
    assert {row["service"] for row in built["lockout"]} == {"login", "sshd"}
    assert not any(row["active"] for row in built["lockout"])
    assert built["password_policy"]["module"] == "pam_pwquality"
    assert [row["timeout_s"] for row in built["session_idle"]] == [0]
    assert {row["name"] for row in built["accounts"] if row["has_password"]} - {"ann"} == {"audit"}
    assert [row["name"] for row in built["administrators"]] == ["root", "audit"]
    assert all(row["owned_by_root"] for row in built["file_modes"] if row["present"])


@pytest.mark.parametrize(
    ("release", "logins"), [("debian-11", ["key"]), ("debian-13", ["key"]), ("debian-12", ["no", "password"])]
)
def test_how_root_may_log_in(release: str, logins: list[str]) -> None:
    rows = [row for row in facts_of(release, "sshd_branches")["sshd_branches"] if row["user"] == "root"]
    assert [row["root_login"] for row in rows] == logins
    assert [row["root_from_some_addresses_only"] for row in rows] == [False, True][: len(rows)]


def test_what_was_added_to_release_12() -> None:
    built = facts_of("debian-12", "sudo_rules", "log_targets", "audit_daemon", "sshd_branches")
    ann = next(rule for rule in built["sudo_rules"] if rule["who"] == "ann")
    assert (ann["nopasswd"], ann["all"], ann["commands"]) == (True, False, ["/usr/bin/systemctl ..."])
    assert [(target["target"], target["protocol"]) for target in built["log_targets"]] == [
        ("10.77.0.14", "tcp")
    ]
    assert built["audit_daemon"]["installed"]
    assert [row["passwords"] for row in built["sshd_branches"] if row["branch"] == "Match User ann"] == [
        False
    ]


@pytest.mark.parametrize(("name", "permit"), [("sshd-T.out", "without-password"), ("sshd-T-2.out", "yes")])
def test_outputs_of_others_sshd(name: str, permit: str) -> None:
    """jc's fixtures; where they are not laid beside the project there is nothing to read."""
    if not SHARED.is_dir():
        pytest.skip(f"the recorded outputs of others are not there: {SHARED}")
    found = parse_sshd("#branch default root\n" + (SHARED / "generic" / name).read_text())
    assert found.answers[0].values["permitrootlogin"] == (permit,)


@pytest.mark.parametrize("release", RELEASES)
def test_a_cut_recording_is_a_value_or_a_gap(release: str) -> None:
    for probe_id in (
        "accounts.passwd",
        "accounts.shadow",
        "pam.files",
        "sshd.effective",
        "sudo.rules",
        "files.modes",
    ):
        whole = (RECORDED / release / f"{probe_id}.txt").read_bytes()
        for fact in (fact for fact in IDENTITY if fact.probes and fact.probes[0].id == probe_id):
            cut = {probe_id: _observation(PROBES[probe_id], whole[: len(whole) // 2])}
            built = build_facts(
                [fact.name], BUILT_IN, cut, object.__new__(Asset), object.__new__(System), References(),
                datetime(2026, 11, 23, tzinfo=UTC),
            )  # fmt: skip
            assert not (isinstance(built[fact.name], Gap) and built[fact.name].reason == "internal"), (
                fact.name
            )


def test_a_gap_is_handed_on() -> None:
    built = build_facts(
        ["accounts"],
        BUILT_IN,
        {},
        object.__new__(Asset),
        object.__new__(System),
        References(),
        datetime(2026, 11, 23, tzinfo=UTC),
    )
    assert isinstance(built["accounts"], Gap)
