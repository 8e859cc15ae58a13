"""``secaudit hostkeys import``: what a known_hosts file says of registered hosts, and nothing else, is taken."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from tests.transport.sshd import make_key
from tests.transport.test_hostkeys_command import Terminal

SYSTEM = """\
id: shop
name: Shop
organisation: office
grade: S3A3G3
assets:
  - {id: web, kind: linux, name: web, address: web.example, reach: {transport: ssh, user: a, key: agent, jump: gate}}
  - {id: db, kind: linux, name: db, address: 10.0.0.7, reach: {transport: ssh, port: 2222, user: a, key: agent}}
"""
GATE = "\njump_hosts: [{id: gate, address: 10.0.0.1, user: a, key: agent}]\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with two assets and a jump host, none of them contacted."""
    folder = tmp_path / "office"
    assert run(["init", str(folder)]) == ExitCode.CLEAN
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as file:
        file.write(GATE)
    (folder / "systems").mkdir(exist_ok=True)
    (folder / "systems" / "shop.yaml").write_text(SYSTEM, encoding="utf-8")
    return folder


@pytest.fixture
def keys(tmp_path: Path) -> list[str]:
    """Three keys: two ed25519, one ecdsa."""
    kinds = ("ed25519", "ed25519", "ecdsa")
    return [" ".join(make_key(tmp_path / f"k{n}", kind).split()[:2]) for n, kind in enumerate(kinds)]


def imported(
    workspace: Path, capsys: pytest.CaptureFixture[str], *lines: str
) -> tuple[int, list[tuple[Any, ...]], str]:
    """Exit code, (assets, state, type) of each row, and what was said."""
    file = workspace.parent / "ssh_known_hosts"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    capsys.readouterr()
    code = run(["-w", str(workspace), "hostkeys", "import", str(file), "--yes", "--format", "json"])
    said = capsys.readouterr()
    rows = [(row["asset"], row["state"], row["type"]) for row in json.loads(said.out)]
    return code, rows, said.err


def text_of(workspace: Path) -> str:
    path = workspace / "known_hosts"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_keys_of_assets_and_jump_hosts_are_taken(
    workspace: Path, keys: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        f"web.example,x {keys[0]} note",
        f"web.example {keys[2]}",
        f"[10.0.0.7]:2222 {keys[1]}",
        f"10.0.0.? {keys[2]}",
    ]
    code, rows, _said = imported(workspace, capsys, *lines)
    assert code == ExitCode.CLEAN
    assert rows == [
        (["gate"], "new", "ecdsa-sha2-nistp256"),
        (["web"], "new", "ssh-ed25519"),
        (["web"], "new", "ecdsa-sha2-nistp256"),
        (["db"], "new", "ssh-ed25519"),
    ]
    assert sorted(text_of(workspace).splitlines()) == sorted(
        [
            f"10.0.0.1 {keys[2]}",
            f"web.example {keys[0]}",
            f"web.example {keys[2]}",
            f"[10.0.0.7]:2222 {keys[1]}",
        ]
    )
    assert {state for _asset, state, _type in imported(workspace, capsys, *lines)[1]} == {"known"}


def test_hashed_names_are_found(
    workspace: Path, keys: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hashed = tmp_path / "hashed"
    hashed.write_text(f"[10.0.0.7]:2222 {keys[0]}\nelsewhere {keys[1]}\n", encoding="utf-8")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(hashed)], check=True, capture_output=True)
    lines = hashed.read_text(encoding="utf-8").splitlines()
    code, rows, said = imported(workspace, capsys, *lines)
    assert (code, rows) == (ExitCode.CLEAN, [(["db"], "new", "ssh-ed25519")])
    assert "1 lines are of other hosts" in said


def test_names_are_hashed_where_the_workspace_says_so(
    workspace: Path, keys: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with (workspace / "secaudit.yaml").open("a", encoding="utf-8") as file:
        file.write("hash_known_hosts: true\n")
    imported(workspace, capsys, f"web.example {keys[0]}")
    assert "web.example" not in text_of(workspace)
    assert run(["-w", str(workspace), "hostkeys", "list", "--format", "json"]) == ExitCode.CLEAN
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["asset"], row["host"], row["state"]) == (["web"], ["web.example"], "known")


def test_a_key_that_differs_is_never_taken(
    workspace: Path, keys: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace / "known_hosts").write_text(f"web.example {keys[0]}\n", encoding="utf-8")
    code, rows, said = imported(workspace, capsys, f"web.example {keys[1]}", f"web.example {keys[2]}")
    assert code == ExitCode.USAGE
    assert [state for _asset, state, _type in rows] == ["differs", "new"]
    assert "secaudit hostkeys trust web --replace" in said
    assert text_of(workspace).splitlines() == [f"web.example {keys[0]}", f"web.example {keys[2]}"]


def test_what_the_file_revokes_is_revoked(
    workspace: Path, keys: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace / "known_hosts").write_text(f"web.example {keys[0]}\n", encoding="utf-8")
    lines = [f"web.example {keys[0]}", f"@revoked web.example {keys[0]}"]
    assert imported(workspace, capsys, *lines)[:2] == (
        ExitCode.CLEAN,
        [(["web"], "to_revoke", "ssh-ed25519")],
    )
    assert f"@revoked web.example {keys[0]}" in text_of(workspace)
    assert imported(workspace, capsys, *lines)[1] == [(["web"], "revoked", "ssh-ed25519")]


def test_what_is_left_out_is_told(
    workspace: Path, keys: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, rows, said = imported(
        workspace,
        capsys,
        "# comment",
        "",
        f"@cert-authority *.example {keys[0]}",
        "web.example ssh-dss AAAA",
        "nonsense",
        f"other {keys[0]}",
    )
    assert (code, rows) == (ExitCode.CLEAN, [])
    for told in (
        "1 lines are of other",
        "1 lines are of certificate",
        "1 keys are of a type",
        "1 lines are no",
    ):
        assert told in said
    assert not (workspace / "known_hosts").exists()


@pytest.mark.parametrize(
    ("answer", "code"), [("y\n", ExitCode.CLEAN), ("n\n", ExitCode.USAGE), (None, ExitCode.USAGE)]
)
def test_a_person_is_asked(
    answer: str | None, code: int, workspace: Path, keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace.parent / "ssh_known_hosts"
    file.write_text(f"web.example {keys[0]}\n", encoding="utf-8")
    if answer is not None:
        monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert run(["-w", str(workspace), "hostkeys", "import", str(file)]) == code
    assert (workspace / "known_hosts").exists() == (code == ExitCode.CLEAN)


def test_no_such_file(workspace: Path) -> None:
    assert run(["-w", str(workspace), "hostkeys", "import", str(workspace / "none")]) == ExitCode.USAGE
