"""``secaudit hostkeys`` against real servers: enrolment is deliberate, a change is never taken quietly."""

import getpass
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from tests.ports import unused_port
from tests.transport.sshd import Sshd, make_key, running_sshd

SYSTEM = """\
id: shop
name: Shop
organisation: office
grade: S3A3G3
assets:
"""
ASSET = """\
  - id: {id}
    kind: linux
    name: {id}
    address: 127.0.0.1
    reach: {{transport: ssh, port: {port}, user: audit, key: "file:/none"}}
"""


@pytest.fixture
def workspace(tmp_path: Path, sshd: Sshd) -> Path:
    """A workspace with a system of two assets: one that answers, one that does not."""
    folder = tmp_path / "office"
    assert run(["init", str(folder)]) == ExitCode.CLEAN
    register(folder, {"web-1": sshd.port, "down": unused_port()})
    return folder


def register(folder: Path, ports: dict[str, int]) -> None:
    """Make these the assets of the one system."""
    (folder / "systems").mkdir(exist_ok=True)
    assets = "".join(ASSET.format(id=name, port=port) for name, port in ports.items())
    (folder / "systems" / "shop.yaml").write_text(SYSTEM + assets, encoding="utf-8")


def rows(
    workspace: Path, capsys: pytest.CaptureFixture[str], *command: str
) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and rows of a list."""
    capsys.readouterr()
    code = run(["-w", str(workspace), "hostkeys", *command, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_scan_shows_states_and_writes_nothing(
    workspace: Path, sshd: Sshd, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sshd.count("Accepted publickey")
    code, (web, down) = rows(workspace, capsys, "scan", "shop")
    assert code == ExitCode.NOT_JUDGED
    assert (web["asset"], web["state"], web["host"]) == ("web-1", "unknown", sshd.host)
    assert web["fingerprint"].startswith("SHA256:")
    assert (down["state"], down["fingerprint"]) == ("refused", "")
    assert not (workspace / "known_hosts").exists()
    assert sshd.count("Accepted publickey") == before


def test_trust_then_known(workspace: Path, sshd: Sshd, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-w", str(workspace), "hostkeys", "trust", "web-1", "--yes"]) == ExitCode.CLEAN
    assert (workspace / "known_hosts").stat().st_mode & 0o777 == 0o600
    assert rows(workspace, capsys, "scan")[1][0]["state"] == "known"
    (line,) = rows(workspace, capsys, "list")[1]
    assert (line["asset"], line["host"], line["state"]) == (["web-1"], [sshd.host], "known")
    text = (workspace / "known_hosts").read_text(encoding="utf-8")
    assert run(["-w", str(workspace), "hostkeys", "trust", "web-1", "--yes"]) == ExitCode.CLEAN
    assert (workspace / "known_hosts").read_text(encoding="utf-8") == text


def test_a_fingerprint_must_match(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["-w", str(workspace), "hostkeys", "trust", "web-1", "--fingerprint"]
    assert run([*command, "SHA256:wrong"]) == ExitCode.USAGE
    assert "nothing was written" in capsys.readouterr().err
    assert not (workspace / "known_hosts").exists()
    _code, (web, _down) = rows(workspace, capsys, "scan")
    assert run([*command, web["fingerprint"]]) == ExitCode.CLEAN


def test_a_changed_key_needs_replace(
    workspace: Path, sshd: Sshd, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = f"{sshd.host} {make_key(tmp_path / 'other')}"
    (workspace / "known_hosts").write_text(other, encoding="utf-8")
    assert rows(workspace, capsys, "scan")[1][0]["state"] == "changed"
    assert run(["-w", str(workspace), "hostkeys", "trust", "web-1", "--yes"]) == ExitCode.USAGE
    assert "--replace" in capsys.readouterr().err
    assert (workspace / "known_hosts").read_text(encoding="utf-8") == other
    assert run(["-w", str(workspace), "hostkeys", "trust", "web-1", "--yes", "--replace"]) == ExitCode.CLEAN
    assert other.split()[2] not in (workspace / "known_hosts").read_text(encoding="utf-8")
    assert rows(workspace, capsys, "scan")[1][0]["state"] == "known"


def test_whom_an_office_trusts_stands_in_its_ledger(
    workspace: Path, sshd: Sshd, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def entered() -> list[tuple[str, str]]:
        capsys.readouterr()
        run(["-w", str(workspace), "ledger", "show", "--format", "json"])
        told = json.loads(capsys.readouterr().out)
        return [(one["id"], one["change"]) for one in told if one["kind"] == "host-keys"]

    assert run(["-w", str(workspace), "hostkeys", "trust", "web-1", "--yes"]) == ExitCode.CLEAN
    assert entered() == [("known_hosts", "entered")]
    assert run(["-w", str(workspace), "ledger", "verify"]) == ExitCode.CLEAN
    with (workspace / "known_hosts").open("a", encoding="utf-8") as trusted:
        trusted.write(f"[127.0.0.1]:1 {make_key(tmp_path / 'other')}")
    assert run(["-w", str(workspace), "ledger", "verify"]) == ExitCode.FINDINGS
    taken = str(sshd.workspace() / "known_hosts")
    assert run(["-w", str(workspace), "hostkeys", "import", taken, "--yes"]) == ExitCode.CLEAN
    assert entered() == [("known_hosts", "entered"), ("known_hosts", "changed")]


def test_all_goes_on_past_what_cannot_be_reached(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-w", str(workspace), "hostkeys", "trust", "--all", "--yes"]) == ExitCode.NOT_JUDGED
    assert capsys.readouterr().err.startswith("down (127.0.0.1 port ")
    assert len((workspace / "known_hosts").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ["trust"],
        ["trust", "web-1"],
        ["trust", "--all"],
        ["trust", "nobody"],
        ["trust", "--all", "web-1"],
        ["trust", "web-1", "down", "--fingerprint", "SHA256:x"],
        ["scan", "no-such-system"],
    ],
)
def test_wrong_arguments(wrong: list[str], workspace: Path) -> None:
    assert run(["-w", str(workspace), "hostkeys", *wrong]) == ExitCode.USAGE
    assert not (workspace / "known_hosts").exists()


def test_nothing_reached(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register(workspace, {"down": unused_port()})
    assert rows(workspace, capsys, "scan")[0] == ExitCode.NOTHING_REACHED
    assert run(["-w", str(workspace), "hostkeys", "trust", "down", "--yes"]) == ExitCode.NOTHING_REACHED


@pytest.mark.parametrize(("answer", "code"), [("y\n", ExitCode.CLEAN), ("\n", ExitCode.USAGE)])
def test_on_a_terminal_each_key_is_shown_and_asked_about(
    workspace: Path,
    answer: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _code, (web, _down) = rows(workspace, capsys, "scan")
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert run(["-w", str(workspace), "hostkeys", "trust", "web-1"]) == code
    said = capsys.readouterr().err
    for part in ("web-1", web["host"], web["type"], web["fingerprint"], "Trust it"):
        assert part in said
    assert (workspace / "known_hosts").exists() == (code == ExitCode.CLEAN)


def test_a_key_that_changed_is_shown_beside_the_old_one(
    workspace: Path,
    sshd: Sshd,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (workspace / "known_hosts").write_text(f"{sshd.host} {make_key(tmp_path / 'other')}", encoding="utf-8")
    _code, (old,) = rows(workspace, capsys, "list")
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert run(["-w", str(workspace), "hostkeys", "trust", "web-1", "--replace"]) == ExitCode.USAGE
    assert f"until now: {old['type']} {old['fingerprint']}" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["scan"], ["trust", "web-1", "--yes"]])
def test_nothing_is_contacted_in_a_blackout(
    workspace: Path, sshd: Sshd, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = sshd.count("Connection from")
    with (workspace / "secaudit.yaml").open("a", encoding="utf-8") as file:
        file.write("\nblackouts: [{start: 2020-01-01, end: 2999-01-01, reason: 重保}]\n")
    assert run(["-w", str(workspace), "hostkeys", *command]) == ExitCode.USAGE
    assert "重保" in capsys.readouterr().err
    assert sshd.count("Connection from") == before


@pytest.fixture
def through_a_gate(workspace: Path, sshd: Sshd, tmp_path: Path) -> Iterator[Sshd]:
    """The workspace's asset behind a jump host of its own; gives the jump host."""
    (tmp_path / "gate").mkdir()
    with running_sshd(tmp_path / "gate") as gate:
        key = f"file:{gate.folder}/user_ed25519"
        hop = f'{{id: gate, address: 127.0.0.1, port: {gate.port}, user: {getpass.getuser()}, key: "{key}"}}'
        with (workspace / "secaudit.yaml").open("a", encoding="utf-8") as file:
            file.write(f"\njump_hosts:\n  - {hop}\n")
        register(workspace, {"web-1": sshd.port})
        system = workspace / "systems" / "shop.yaml"
        system.write_text(
            system.read_text(encoding="utf-8").replace("user: audit", "user: audit, jump: gate")
        )
        yield gate


def test_keys_behind_a_jump_host_are_fetched_through_it(
    workspace: Path, sshd: Sshd, through_a_gate: Sshd, capsys: pytest.CaptureFixture[str]
) -> None:
    code, seen = rows(workspace, capsys, "scan")
    assert code == ExitCode.NOT_JUDGED
    assert [(row["asset"], row["state"]) for row in seen] == [
        ("gate", "unknown"),
        ("web-1", "host_key_unknown"),
    ]
    assert "web-1 → gate" in seen[1]["error"]
    before = sshd.count("Connection from")
    assert run(["-w", str(workspace), "hostkeys", "trust", "--all", "--yes"]) == ExitCode.CLEAN
    assert [row["state"] for row in rows(workspace, capsys, "scan")[1]] == ["known", "known"]
    assert through_a_gate.count("Accepted publickey") == sshd.count("Connection from") - before == 2
    assert [row["asset"] for row in rows(workspace, capsys, "list")[1]] == [["gate"], ["web-1"]]


def test_a_jump_host_is_named_by_its_id(
    workspace: Path, through_a_gate: Sshd, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-w", str(workspace), "hostkeys", "trust", "gate", "--yes"]) == ExitCode.CLEAN
    assert through_a_gate.count("Accepted publickey") == 0
    assert [row["state"] for row in rows(workspace, capsys, "scan")[1]] == ["known", "unknown"]


def test_a_jump_host_rests_with_the_assets_behind_it(
    workspace: Path, through_a_gate: Sshd, capsys: pytest.CaptureFixture[str]
) -> None:
    with (workspace / "secaudit.yaml").open("a", encoding="utf-8") as file:
        file.write("\nblackouts: [{start: 2020-01-01, end: 2999-01-01, reason: 重保}]\n")
    assert run(["-w", str(workspace), "hostkeys", "trust", "gate", "--yes"]) == ExitCode.USAGE
    assert through_a_gate.count("Connection from") == 0


class Terminal(io.StringIO):
    """Standard input at which a person sits."""

    def isatty(self) -> bool:
        return True
