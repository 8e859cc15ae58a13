"""``secaudit preflight`` from the command line against a real sshd: findings, fixes, exit codes; nothing is stored."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli.exit_codes import ExitCode
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import Printed, secaudit
from tests.ports import unused_port
from tests.transport.sshd import Sshd, make_key, running_sshd

pytestmark = pytest.mark.end_to_end

SYSTEM = """\
id: oa
name: 办公系统
organisation: office
grade: S3A3G3
assets:
{assets}
"""
ASSET = (
    "  - {{id: {id}, kind: linux, name: {id}, address: 127.0.0.1,"
    " reach: {{transport: ssh, port: {port}, user: {user}, {credential}, sudo: none}}}}"
)


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with running_sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of this machine alone, which these tests leave as it is."""
    return workspaces.make(tmp_path_factory.mktemp("plain") / "w", {"here": 0})


def registered(
    folder: Path,
    sshd: Sshd,
    assets: dict[str, tuple[int, str]],
    *,
    authorised: bool = True,
    known: bool = True,
) -> Path:
    """A workspace whose system has these assets: id → (port, credential), all on loopback."""
    workspaces.make(folder, {"here": 0}, authorised=authorised)
    user = sshd.asset().reach.user
    lines = [
        ASSET.format(id=name, port=port, user=user, credential=credential)
        for name, (port, credential) in assets.items()
    ]
    (folder / "systems" / "oa.yaml").write_text(SYSTEM.format(assets="\n".join(lines)), encoding="utf-8")
    if known:
        (folder / "known_hosts").write_text((sshd.workspace() / "known_hosts").read_text())
    return folder


def key_of(sshd: Sshd) -> str:
    return f'key: "file:{sshd.folder}/user_ed25519"'


def looked(folder: Path, code: int, *arguments: str) -> dict[str, Any]:
    """What it prints as data, once its exit code is this one."""
    printed = secaudit(folder, "preflight", "--format", "json", *arguments)
    assert printed.code == code, printed
    told: dict[str, Any] = json.loads(printed.out)
    return told


def of_asset(told: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (asset for asset in told["assets"] if asset["asset"] == name)
    assert isinstance(found, dict)
    return found


def topics(asset: dict[str, Any]) -> set[str]:
    return {finding["topic"] for finding in asset["findings"] if finding["weight"] != "note"}


def fixes(findings: list[dict[str, Any]], where: str) -> list[str]:
    return [fix["text"] for finding in findings for fix in finding["fixes"] if fix["where"] == where]


def test_each_asset_is_told_with_its_reason_and_one_login(tmp_path: Path, sshd: Sshd) -> None:
    make_key(tmp_path / "stranger")
    assets = {
        "good": (sshd.port, key_of(sshd)),
        "closed": (unused_port(), key_of(sshd)),
        "stranger": (sshd.port, f'key: "file:{tmp_path}/stranger"'),
    }
    folder = registered(tmp_path / "w", sshd, assets)
    before = sshd.count("Accepted publickey")
    told = looked(folder, ExitCode.NOT_JUDGED)
    assert sshd.count("Accepted publickey") == before + 1
    assert topics(of_asset(told, "closed")) == {"reach"}
    stranger = of_asset(told, "stranger")
    assert topics(stranger) == {"login"}
    (copy,) = fixes(stranger["findings"], "here")
    assert copy.startswith(f"ssh-copy-id -i {tmp_path}/stranger -p {sshd.port} ")
    assert of_asset(told, "good")["reached"]
    assert topics(of_asset(told, "good")) <= {"programs"}  # what this machine may lack
    assert not (folder / "secaudit.db").exists()


def test_the_fix_of_a_refused_login_mends_it(tmp_path: Path, sshd: Sshd) -> None:
    public = make_key(tmp_path / "new")
    folder = registered(tmp_path / "w", sshd, {"new": (sshd.port, f'key: "file:{tmp_path}/new"')})
    told = looked(folder, ExitCode.NOTHING_REACHED)
    (line,) = [f for f in fixes(of_asset(told, "new")["findings"], "asset_root") if "authorized_keys" in f]
    assert f"echo '{' '.join(public.split()[:2])}' >>" in line
    with (sshd.folder / "authorized_keys").open("a", encoding="utf-8") as file:
        file.write(line.split("echo '")[1].split("'")[0] + "\n")
    assert of_asset(looked(folder, secaudit(folder, "preflight").code), "new")["reached"]


def test_an_unknown_key_and_its_fix(tmp_path: Path, sshd: Sshd) -> None:
    folder = registered(tmp_path / "w", sshd, {"good": (sshd.port, key_of(sshd))}, known=False)
    told = looked(folder, ExitCode.NOTHING_REACHED)
    assert topics(of_asset(told, "good")) == {"host_key"}
    (fix,) = fixes(of_asset(told, "good")["findings"], "here")
    assert fix == f"secaudit --workspace {folder} hostkeys trust good"
    assert secaudit(folder, *fix.split()[3:], "--yes").code == ExitCode.CLEAN
    assert of_asset(looked(folder, secaudit(folder, "preflight").code), "good")["reached"]


def test_without_an_authorisation_nothing_is_contacted_and_the_workspace_is_told(
    tmp_path: Path, sshd: Sshd
) -> None:
    assets = {"good": (sshd.port, 'password: "env:SECAUDIT_TEST_UNSET"')}
    folder = registered(tmp_path / "w", sshd, assets, authorised=False)
    before = sshd.count("Connection from")
    told = looked(folder, ExitCode.USAGE)
    assert told["assets"] == []
    assert [finding["topic"] for finding in told["workspace"]] == ["authorisation", "credential"]
    assert "secaudit authorise add --system oa" in fixes(told["workspace"], "person")[0]
    assert fixes(told["workspace"], "here") == ["read -rs SECAUDIT_TEST_UNSET && export SECAUDIT_TEST_UNSET"]
    assert sshd.count("Connection from") == before


def test_nothing_is_contacted_in_a_blackout(tmp_path: Path, sshd: Sshd) -> None:
    folder = registered(tmp_path / "w", sshd, {"good": (sshd.port, key_of(sshd))})
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as file:
        file.write("\nblackouts: [{start: 2020-01-01, end: 2999-01-01, reason: 重保}]\n")
    before = sshd.count("Connection from")
    told = looked(folder, ExitCode.USAGE)
    assert "重保" in told["workspace"][0]["problem"]
    assert sshd.count("Connection from") == before


def test_nothing_reached_is_an_exit_code_of_its_own(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"gone": unused_port()})
    assert secaudit(folder, "preflight").code == ExitCode.NOTHING_REACHED


def test_the_table_is_for_people_and_fits(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0, "gone": unused_port()})
    printed = secaudit(folder, "preflight")
    assert printed.code == ExitCode.NOT_JUDGED
    assert "✗ gone  would not be visited: " in printed.out
    assert f"look again: secaudit --workspace {folder} preflight " in printed.out
    assert "[2/2]" in printed.err


def test_a_broken_database_is_told_and_the_assets_are_looked_at_all_the_same(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    (folder / "secaudit.db").write_bytes(b"this is a text " * 400)
    told = looked(folder, ExitCode.USAGE)
    assert [finding["topic"] for finding in told["workspace"]] == ["database"]
    assert of_asset(told, "here")["reached"]


def test_the_last_visit_is_told(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    assert secaudit(folder, "scan").code in (ExitCode.FINDINGS, ExitCode.NOT_JUDGED)
    told = looked(folder, secaudit(folder, "preflight").code)
    assert of_asset(told, "here")["last_visit_s"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], "System nope is not registered"),
        (["--asset", "nope"], "Asset nope is not registered"),
        (["--profile", "nope"], "There is no profile nope"),
        (["--jobs", "0"], "range"),
        (["--format", "xml"], "xml"),
    ],
)
def test_wrong_usage(plain: Path, arguments: list[str], said: str) -> None:
    printed: Printed = secaudit(plain, "preflight", *arguments)
    assert printed.code == ExitCode.USAGE
    assert said in printed.err


def test_every_mistake_of_the_register_is_named(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    (folder / "systems" / "oa.yaml").write_text("id: oa\ngrade: S9A9G9\n", encoding="utf-8")
    printed = secaudit(folder, "preflight")
    assert printed.code == ExitCode.USAGE
    assert "systems/oa.yaml:2" in printed.err


def test_the_sudoers_file_is_printed_and_nobody_contacted(tmp_path: Path, sshd: Sshd) -> None:
    folder = registered(tmp_path / "w", sshd, {"good": (sshd.port, key_of(sshd))}, authorised=False)
    before = sshd.count("Connection from")
    printed = secaudit(folder, "preflight", "--sudoers", "--user", "audit")
    assert printed.code == ExitCode.CLEAN
    assert "/usr/bin/cat /etc/shadow" in printed.out
    assert "audit ALL=(root) NOPASSWD: SECAUDIT_" in printed.out
    assert sshd.count("Connection from") == before
    assert secaudit(folder, "preflight", "--sudoers", "--asset", "good").out != printed.out


def test_one_sudoers_file_serves_one_kind_of_asset(tmp_path: Path, sshd: Sshd) -> None:
    folder = registered(tmp_path / "w", sshd, {"good": (sshd.port, key_of(sshd)), "other": (1, key_of(sshd))})
    file = folder / "systems" / "oa.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("sudo: none", "sudo: all", 1), encoding="utf-8")
    printed = secaudit(folder, "preflight", "--sudoers", "--user", "audit")
    assert printed.code == ExitCode.USAGE
    assert "audit, sudo: all: good; audit, sudo: listed: other" in printed.err
    one = secaudit(folder, "preflight", "--sudoers", "--asset", "good", "--user", "audit")
    assert one.out.splitlines()[-1] == "audit ALL=(root) NOPASSWD: /bin/sh"


def test_a_user_is_named_for_the_sudoers_file_only(plain: Path) -> None:
    assert "--user" in secaudit(plain, "preflight", "--user", "audit").err
    printed = secaudit(plain, "preflight", "--sudoers")
    assert (printed.code, printed.out) == (ExitCode.USAGE, "")
    assert "--user NAME" in printed.err
