"""Preflight of real hosts: each trouble with its reason and fix, nothing written; and the fixes mend what they say."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from secaudit.audit.root_findings import SUDOERS_FILE
from secaudit.cli.exit_codes import ExitCode
from tests.lab import server_log, snapshot
from tests.lab.audits import secaudit
from tests.lab.hosts import TWELVE, Lab
from tests.lab.server_log import Seen
from tests.lab.workspace import write

TOPICS = {
    "down": "reach",
    "nosshd": "reach",
    "filtered": "reach",
    "changedkey": "host_key",
    "unknownkey": "host_key",
    "wrongkey": "login",
    "sudorefused": "sudo",
    "hang": "files",
    "endless": "files",
    "lost": "link",
}
ENTERED = ("sudorefused", "hang", "endless", "lost")
MENDED = ("unknownkey", "wrongkey", "sudorefused")


@dataclass(frozen=True, slots=True)
class Looked:
    """What preflight said of each host, what it changed there, and the logins it made."""

    workspace: Path
    assets: Mapping[str, dict[str, Any]]
    changes: Mapping[str, list[str]]
    seen: Mapping[str, Seen]


@pytest.fixture(scope="module")
def looked(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """One preflight of all hosts with a truth and of all bad ones."""
    names = (*TWELVE, *(lab.having(fault).name for fault in TOPICS))
    workspace = write(tmp_path_factory.mktemp("preflight") / "workspace", lab, names)
    watched = [lab.host("h1"), *(lab.having(fault) for fault in ENTERED)]
    before = {host.name: (snapshot.take(host), server_log.seen(host)) for host in watched}
    assets = look(workspace)
    after = {host.name: (snapshot.take(host), server_log.seen(host)) for host in watched}
    changes = {name: snapshot.changes(before[name][0], after[name][0]) for name in before}
    return Looked(workspace, assets, changes, {name: after[name][1] - before[name][1] for name in before})


def look(workspace: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    """What it says of each asset."""
    printed = secaudit(workspace, "preflight", "--format", "json", *arguments, codes=(0, 3))
    told = json.loads(printed.out)
    assert told["workspace"] == []
    found = {asset["asset"]: asset for asset in told["assets"]}
    whole = all(asset["state"] == "whole" for asset in found.values())
    assert printed.code == (ExitCode.CLEAN if whole else ExitCode.NOT_JUDGED)
    return found


def troubles(asset: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The findings that are more than a note."""
    return [finding for finding in asset["findings"] if finding["weight"] != "note"]


def fixes(asset: Mapping[str, Any], where: str) -> list[str]:
    """The commands of all findings for a place."""
    return [fix["text"] for f in troubles(asset) for fix in f["fixes"] if fix["where"] == where]


@pytest.mark.parametrize("host", TWELVE)
def test_a_healthy_host_is_told_to_be_fine(looked: Looked, host: str) -> None:
    assert troubles(looked.assets[host]) == []
    assert looked.assets[host]["state"] == "whole"


@pytest.mark.parametrize(("fault", "topic"), TOPICS.items())
def test_each_trouble_is_named_and_nothing_else(looked: Looked, lab: Lab, fault: str, topic: str) -> None:
    asset = looked.assets[lab.having(fault).name]
    assert {finding["topic"] for finding in troubles(asset)} == {topic}
    assert asset["reached"] == (asset["state"] == "part")
    if fault != "lost":  # what its first bytes are depends on when the server is killed
        assert asset["reached"] == (fault in ENTERED)
    assert all(finding["fixes"] for finding in troubles(asset))


def test_what_is_noise_or_declared_is_told_without_being_a_failure(looked: Looked, lab: Lab) -> None:
    assert [f["topic"] for f in looked.assets[lab.having("noise").name]["findings"]] == ["shell"]
    assert [f["topic"] for f in looked.assets[lab.having("nosudo").name]["findings"]] == ["sudo"]


def test_nothing_is_written_and_each_host_sees_one_login(looked: Looked, lab: Lab) -> None:
    assert [name for name, changed in looked.changes.items() if changed] == []
    assert set(looked.seen.values()) == {Seen(1, 1, 1)}
    assert not (looked.workspace / "secaudit.db").exists()


def test_refused_sudo_names_the_checks_that_are_lost(looked: Looked, lab: Lab) -> None:
    (finding,) = troubles(looked.assets[lab.having("sudorefused").name])
    assert "linux.identity.password_max_age" in finding["checks"]
    assert "linux.patching.release_supported" not in finding["checks"]


@pytest.fixture
def mended(looked: Looked, lab: Lab) -> Iterator[list[str]]:
    """Hosts mended by the very commands that were printed; they are as before afterwards."""
    names = [lab.having(fault).name for fault in MENDED]
    trusted = (looked.workspace / "known_hosts").read_text()
    for fault, name in zip(MENDED, names, strict=True):
        commands = {
            "here": fixes(looked.assets[name], "here"),
            "asset_root": fixes(looked.assets[name], "asset_root"),
        }
        if fault == "unknownkey":
            (trust,) = commands["here"]
            secaudit(looked.workspace, *shlex.split(trust)[3:], "--yes")
        else:
            (line,) = [text for text in commands["asset_root"] if "echo " in text or "printf " in text]
            lab.exec(name, "sh", "-c", line)
    yield names
    (looked.workspace / "known_hosts").write_text(trusted)
    lab.exec(lab.having("wrongkey").name, "sed", "-i", "$d", "/home/audit/.ssh/authorized_keys")
    lab.exec(lab.having("sudorefused").name, "rm", SUDOERS_FILE)


def test_the_printed_commands_mend_the_hosts(looked: Looked, mended: list[str]) -> None:
    again = look(looked.workspace, *(word for name in mended for word in ("--asset", name)))
    assert {name: (asset["state"], troubles(asset)) for name, asset in again.items()} == dict.fromkeys(
        mended, ("whole", [])
    )


def test_the_sudoers_file_for_listed_commands_mends_them(lab: Lab, tmp_path: Path) -> None:
    host = lab.having("sudorefused").name
    workspace = write(tmp_path / "workspace", lab, (host, "h2"))
    (file,) = (workspace / "systems").iterdir()
    file.write_text(file.read_text().replace("sudo: all", "sudo: listed"))
    before = look(workspace, "--asset", host)[host]
    assert {finding["topic"] for finding in troubles(before)} == {"sudo"}
    (show,) = set(fixes(before, "here"))
    (install,) = set(fixes(before, "asset_root"))
    rules = secaudit(workspace, *shlex.split(show.partition(" >")[0])[3:]).out
    lab.exec(host, "sh", "-c", f"cd /root && cat >secaudit.sudoers && {install}", given=rules)
    try:
        after = look(workspace, "--asset", host)[host]
    finally:
        lab.exec(host, "rm", SUDOERS_FILE)
    assert (after["state"], troubles(after)) == ("whole", [])
    assert [finding["topic"] for finding in after["findings"]] == ["sudo"]  # what no list can hold
