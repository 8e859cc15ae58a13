"""What is wrong on this side before a scan: permission, credentials, database, disk, folders, nmap, clock."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit import language
from secaudit.audit import workspace_findings as of_workspace
from secaudit.audit.findings import Finding, Fix, Topic, Weight, Where
from secaudit.errors import UsageError
from secaudit.model.register import Asset, Reach
from secaudit.store import open_store
from secaudit.transport import Secrets
from tests.unit.store import samples

NOW = datetime.now(UTC)


def asset(name: str = "web-1", **reach: str) -> Asset:
    return Asset(name, "linux", name, "192.0.2.1", reach=Reach("ssh", 22, "audit", **reach))  # type: ignore[arg-type]


def fault(one: Asset, environ: dict[str, str] | None = None) -> Finding:
    (finding,) = of_workspace.credentials([one], Secrets([one], environ or {}))
    assert (finding.weight, finding.topic) == (Weight.LACKS, Topic.CREDENTIAL)
    assert "web-1" in finding.problem
    return finding


def test_what_is_not_allowed_is_told_once_with_the_next_step() -> None:
    period = UsageError("Nothing is scanned until 2030: 重保.", hint="Blackout periods are in secaudit.yaml.")
    (finding,) = of_workspace.not_allowed({"oa": period, "hr": UsageError(str(period), hint=period.hint)})
    assert finding.weight is Weight.BLOCKS
    assert finding.fixes == (Fix(Where.PERSON, "Blackout periods are in secaudit.yaml."),)


def test_a_variable_that_is_not_set() -> None:
    finding = fault(asset(password="env:OA_PASSWORD"))
    assert finding.fixes == (Fix(Where.HERE, "read -rs OA_PASSWORD && export OA_PASSWORD"),)
    assert "env:OA_PASSWORD: it is not set" in finding.problem


def test_a_variable_that_is_set_is_no_finding_and_shown_nowhere() -> None:
    one = asset(password="env:OA_PASSWORD")
    assert list(of_workspace.credentials([one], Secrets([one], {"OA_PASSWORD": "hunter2"}))) == []


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    key = fault(asset(key=f"file:{tmp_path}/my key"))
    assert key.fixes == (Fix(Where.HERE, f"ssh-keygen -t ed25519 -f '{tmp_path}/my key'"),)
    password = fault(asset(password=f"file:{tmp_path}/pw"))
    assert password.fixes[0].text.startswith(f"install -m 600 /dev/null {tmp_path}/pw && ")


def test_a_file_that_others_may_read(tmp_path: Path) -> None:
    file = tmp_path / "pw"
    file.write_text("hunter2")
    file.chmod(0o644)
    finding = fault(asset(password=f"file:{file}"))
    assert finding.fixes == (Fix(Where.HERE, f"chmod 600 {file}"),)
    assert "hunter2" not in str(finding)


def test_a_file_that_holds_no_key(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("hunter2")
    file.chmod(0o600)
    finding = fault(asset(key=f"file:{file}"))
    (fix,) = finding.fixes
    assert "ssh-keygen -y -f" in fix.text
    assert "hunter2" not in str(finding)


def test_nobody_to_ask() -> None:
    assert fault(asset(password="prompt")).fixes[0].where is Where.PERSON


def test_an_agent_that_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    one = Asset("web-1", "linux", "w", reach=Reach("ssh", agent=True))
    assert "ssh-add" in fault(one).fixes[0].text


def test_one_credential_of_many_assets_is_told_once() -> None:
    assets = [asset(f"web-{n}", password="env:PW") for n in range(1, 9)]
    (finding,) = of_workspace.credentials(assets, Secrets(assets, {}))
    assert finding.problem.endswith("(web-1, web-2, web-3, web-4, web-5, web-6 and 2 more)")


def test_it_is_told_once_in_chinese_too() -> None:
    language.use("zh")
    assets = [asset(f"web-{n}", password="env:PW") for n in range(1, 3)]
    (finding,) = of_workspace.credentials(assets, Secrets(assets, {}))
    assert finding.problem.endswith("（web-1, web-2）")


def test_no_database_yet_is_no_finding_and_none_is_made(tmp_path: Path) -> None:
    assert list(of_workspace.database(f"sqlite:///{tmp_path}/x.db", NOW)) == []
    assert list(tmp_path.iterdir()) == []


def test_a_run_of_the_past_is_no_finding(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with open_store(url) as store:
        store.create_run(samples.run(started_at=NOW - timedelta(days=1)))
    assert list(of_workspace.database(url, NOW)) == []


def test_a_run_from_the_future_means_a_wrong_clock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with open_store(url) as store:
        store.create_run(samples.run(started_at=NOW + timedelta(days=1)))
    (finding,) = of_workspace.database(url, NOW)
    assert (finding.weight, finding.topic) == (Weight.BLOCKS, Topic.OWN_CLOCK)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is a text " * 400)
    (finding,) = of_workspace.database(f"sqlite:///{tmp_path}/x.db", NOW)
    assert (finding.weight, finding.topic) == (Weight.BLOCKS, Topic.DATABASE)
    assert "not a database" in finding.problem
    assert finding.fixes


def of_form(tmp_path: Path, form: str) -> Finding:
    open_store(f"sqlite:///{tmp_path}/x.db").close()
    with sqlite3.connect(tmp_path / "x.db") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (form,))
    (finding,) = of_workspace.database(f"sqlite:///{tmp_path}/x.db", NOW)
    return finding


def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    finding = of_form(tmp_path, "9999")
    assert finding.weight is Weight.BLOCKS
    assert "newer version" in finding.problem


def test_a_database_of_an_older_form_is_copied_before_it_is_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secaudit.store.upgrade.REVISION", "9999")
    monkeypatch.setattr("secaudit.store.upgrade._known_revisions", lambda: {"0001", "9999"})
    open_store_of_today = sqlite3.connect(tmp_path / "x.db")
    open_store_of_today.executescript(
        "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('0001');"
    )
    open_store_of_today.close()
    (finding,) = of_workspace.database(f"sqlite:///{tmp_path}/x.db", NOW)
    assert finding.weight is Weight.NOTE
    assert f'".backup {tmp_path}/x.db.before"' in finding.fixes[0].text


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    free = os.statvfs(tmp_path)
    monkeypatch.setattr(
        os, "statvfs", lambda _path: os.statvfs_result((4096, 4096, *free[2:4], 25_600, *free[5:]))
    )
    assert list(of_workspace.disk(tmp_path, url, 36)) == []  # 100 MiB are free
    (finding,) = of_workspace.disk(tmp_path, url, 37)
    assert (finding.weight, finding.topic) == (Weight.BLOCKS, Topic.DISK)
    assert "100 MiB are free, a run of 37 assets wants 101 MiB" in finding.problem


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    findings = of_workspace.disk(tmp_path, f"sqlite:///{tmp_path}/gone/x.db", 1)
    assert [f.problem for f in findings] == [f"{tmp_path}/gone: No such file or directory"]


def test_folders_that_refuse_to_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reports").mkdir()
    url = f"sqlite:///{tmp_path}/x.db"
    assert list(of_workspace.folders(tmp_path, url)) == []
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).name != "reports")
    (finding,) = of_workspace.folders(tmp_path, url)
    assert finding.problem == f"{tmp_path}/reports cannot be written"


def test_nmap_is_missed_only_where_a_port_scan_is_authorised() -> None:
    (finding,) = of_workspace.nmap(("linux.ports.views_agree",), available=False)
    assert finding.checks == ("linux.ports.views_agree",)
    assert list(of_workspace.nmap((), available=False)) == []
    assert list(of_workspace.nmap(("linux.ports.views_agree",), available=True)) == []
