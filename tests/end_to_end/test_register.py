"""The register from the command line: exit codes, what is printed, what is written."""

import json
import stat
from pathlib import Path

import pytest
from rich.cells import cell_len

from secaudit.cli.main import run

pytestmark = pytest.mark.end_to_end


class Cli:
    """Runs commands in a workspace and returns what they said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        status = run(["--workspace", str(self.folder), *arguments])
        self.error, output = "", self.capsys.readouterr()
        self.error = output.err
        assert status == code, output
        return output.out


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path / "w", capsys)
    made("init", str(made.folder), "--office", "市局")
    return made


def _add(cli: Cli, *more: str, code: int = 0) -> str:
    return cli("system", "add", "portal", "--name", "门户", "--grade", "S3A3G3", *more, code=code)


def test_a_system_is_registered_and_shown(cli: Cli) -> None:
    _add(cli, "--host", "web1=192.0.2.1", "--host", "192.0.2.2", "--user", "audit", "--internet-facing")
    file = cli.folder / "systems" / "portal.yaml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (listed,) = json.loads(cli("system", "list", "--format", "json"))
    assert (listed["id"], listed["grade"], listed["assets"]) == ("portal", "S3A3G3", 2)
    shown = json.loads(cli("system", "show", "portal", "--format", "json"))
    assert [asset["id"] for asset in shown["assets"]] == ["web1", "192-0-2-2"]
    assert (shown["level"], shown["organisation"], shown["internet_facing"]) == (3, "office", True)
    table = cli("system", "show", "portal")
    assert "ssh audit:22 agent sudo=none" in table
    assert "No mistakes: 1 systems, 2 assets" in cli("system", "validate")


def test_a_host_may_name_its_port_and_a_grade_be_small(cli: Cli) -> None:
    hosts = ("web1=127.0.0.1:2201", "db=[2001:db8::1]:2202", "v6=2001:db8::2", "plain.example")
    options = [word for host in hosts for word in ("--host", host)]
    cli("system", "add", "oa", "--name", "OA", "--grade", "s3a3g3", "--user", "audit", *options)
    shown = json.loads(cli("system", "show", "oa", "--format", "json"))
    assert shown["level"] == 3
    assert [(asset["id"], asset["address"], asset["reach"]["port"]) for asset in shown["assets"]] == [
        ("web1", "127.0.0.1", 2201),
        ("db", "2001:db8::1", 2202),
        ("v6", "2001:db8::2", 22),
        ("plain-example", "plain.example", 22),
    ]


def test_a_sample_is_chosen_kept_shown_and_forgotten(cli: Cli) -> None:
    _add(cli, "--host", "a=192.0.2.1", "--host", "b=192.0.2.2", "--host", "c=192.0.2.3", "--user", "audit")
    sample = ("system", "sample", "portal", "--kind", "linux")
    why = ("--person", "张三", "--reason", "同型号同配置", "--date", "2026-03-01")
    assert "2 of 3 assets of kind linux are judged: a, b" in cli(*sample, "--count", "2", *why)
    assert "Sampled linux: 2 of 3 (a, b), chosen by 张三 on 2026-03-01" in cli("system", "show", "portal")
    cli(*sample, "--asset", "c", *why)
    (row,) = json.loads(cli("system", "show", "portal", "--format", "json"))["samples"]
    assert row["assets"] == ["c"]
    for wrong in (
        ("--count", "4", *why),
        ("--asset", "nope", *why),
        ("--count", "1"),
        ("--all", "--count", "1"),
    ):
        cli(*sample, *wrong, code=2)
    cli(*sample, "--all")
    assert json.loads(cli("system", "show", "portal", "--format", "json"))["samples"] == []


def test_what_a_platform_answers_for_and_nobody_owes_is_noted(cli: Cli) -> None:
    _add(cli, "--host", "a=192.0.2.1", "--user", "audit")
    file = cli.folder / "systems" / "portal.yaml"
    owed, mistyped = "pes, cns.architecture.a, L3-CMS2", "pes.fier, L3-CES2-99, L2-PES2"
    more = f"extensions: [cloud]\nplatform: {{name: 云, provider: [{owed}, {mistyped}]}}\n"
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    notes = [line for line in cli("system", "validate").splitlines() if "which is no item" in line]
    assert [line.split(" names ")[1].partition(",")[0] for line in notes] == mistyped.split(", ")


def test_a_system_without_hosts_is_a_commented_file(cli: Cli) -> None:
    _add(cli)
    assert "# assets:" in (cli.folder / "systems" / "portal.yaml").read_text()
    assert "has no asset that can be visited" in cli("system", "validate")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["system", "add", "x", "--name", "X"], "--grade is missing"),
        (["system", "add", "x", "--name", "X", "--grade", "S5A1G5"], "level 5"),
        (["system", "add", "../x", "--name", "X", "--grade", "S1A1G1"], "a-z, 0-9"),
        (["system", "add", "x", "--name", "涉密系统", "--grade", "S3A3G3"], "BMB17"),
        (
            ["system", "add", "x", "--name", "X", "--grade", "S1A1G1", "--host", "a b", "--user", "u"],
            "IP address",
        ),
        (["system", "add", "x", "--name", "X", "--grade", "S1A1G1", "--organisation", "no"], "known: office"),
        (
            ["system", "add", "x", "--name", "X", "--grade", "S1A1G1", "--host", "h:0", "--user", "u"],
            "a port from",
        ),
        (["system", "show", "x"], "not registered"),
        (["system", "import", "--from", "csv", "no.csv", "--system", "x"], "No such file"),
        (["authorise", "revoke", "a", "--reason", "x"], "no authorisation a"),
    ],
)
def test_wrong_usage_is_named_and_writes_nothing(cli: Cli, arguments: list[str], said: str) -> None:
    cli(*arguments, code=2)
    assert said in cli.error
    assert not list((cli.folder / "systems").iterdir())


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (("--sudo", "all"), "sudo=all"),
        (("--sudo", "listed"), "sudo=listed"),
        (("--sudo", "password", "--sudo-password", "env:P"), "sudo=password"),
    ],
)
def test_how_root_is_had_is_an_option(cli: Cli, options: tuple[str, ...], shown: str) -> None:
    _add(cli, "--host", "web1=192.0.2.1", "--user", "audit", *options)
    assert shown in cli("system", "show", "portal")


def test_a_password_for_sudo_is_a_reference_and_is_there(cli: Cli) -> None:
    host = ("--host", "web1=192.0.2.1", "--user", "audit", "--sudo", "password")
    _add(cli, *host, code=2)
    assert "a reference is required for sudo: password" in cli.error
    _add(cli, *host, "--sudo-password", "hunter2", code=2)
    assert "a secret is never written here" in cli.error
    assert "hunter2" not in cli.error
    assert not (cli.folder / "systems" / "portal.yaml").exists()


def test_a_system_is_not_added_twice(cli: Cli) -> None:
    _add(cli)
    before = (cli.folder / "systems" / "portal.yaml").read_text()
    _add(cli, code=2)
    assert "taken at systems/portal.yaml" in cli.error
    assert (cli.folder / "systems" / "portal.yaml").read_text() == before


def test_answers_are_asked_for_on_a_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["oa", "办公", "S2A2G2", "web1=192.0.2.1 192.0.2.2", "audit"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda _question, **_options: next(answers))
    cli("system", "add")
    shown = json.loads(cli("system", "show", "oa", "--format", "json"))
    assert (shown["name"], [asset["address"] for asset in shown["assets"]]) == (
        "办公",
        ["192.0.2.1", "192.0.2.2"],
    )


def test_the_example_is_shown_whole(cli: Cli) -> None:
    (cli.folder / "systems" / "portal.yaml").write_text((cli.folder / "examples" / "system.yaml").read_text())
    table = cli("system", "show", "portal")
    for said in (
        "443/tcp 门户 HTTPS",
        "portal-app",
        "backup.example:/vault/portal",
        "安全管理员",
        "11010099999-00001",
    ):
        assert said in table


def test_an_office_has_a_name_of_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli = Cli(tmp_path, capsys)
    cli("init", str(tmp_path / "w"), "--office", "a\nb", code=2)
    assert "one line" in cli.error
    assert not (tmp_path / "w").exists()


def test_validate_names_every_mistake(cli: Cli) -> None:
    (cli.folder / "systems" / "a.yaml").write_text("id: A\nname: x\norganisation: office\ngrade: S9\n")
    (cli.folder / "secaudit.yaml").write_text("office: x\nlanguge: zh\n")
    cli("system", "validate", code=2)
    assert "systems/a.yaml:1: id:" in cli.error
    assert "systems/a.yaml:4: grade:" in cli.error
    assert "secaudit.yaml:2: languge: unknown field" in cli.error
    assert "4 mistakes in 2 files" in cli.error


def test_control_characters_of_a_file_do_not_reach_the_terminal(cli: Cli) -> None:
    (cli.folder / "systems" / "a.yaml").write_text('"x\\e[31m\\ny": 1\n')
    cli("system", "validate", code=2)
    assert "\x1b" not in cli.error
    assert "\ny" not in cli.error


def test_assets_are_imported(cli: Cli, tmp_path: Path) -> None:
    _add(cli)
    inventory = tmp_path / "hosts"
    inventory.write_text("[web]\nweb[1:2].example ansible_password=hunter2\n")
    command = (
        "system",
        "import",
        "--from",
        "ansible",
        str(inventory),
        "--system",
        "portal",
        "--user",
        "audit",
    )
    before = (cli.folder / "systems" / "portal.yaml").read_text()
    rows = json.loads(cli(*command, "--dry-run", "--format", "json"))
    assert [(row["id"], row["change"]) for row in rows] == [
        ("web1-example", "added"),
        ("web2-example", "added"),
    ]
    assert "Nothing written: 2 to add" in cli.error
    assert (cli.folder / "systems" / "portal.yaml").read_text() == before
    cli(*command)
    assert "2 added" in cli.error
    assert "Not imported from 2 hosts: a password" in cli.error
    assert "hunter2" not in (cli.folder / "systems" / "portal.yaml").read_text()
    assert "2 are the same" in (cli(*command), cli.error)[1]


def test_a_scan_is_authorised_and_revoked(cli: Cli) -> None:
    _add(cli)
    given = ("--approver", "甲", "--document", "网安〔2026〕1号", "--port-scan")
    cli("authorise", "add", "--system", "portal", "--until", "2999-12-31", *given)
    cli("authorise", "add", "--system", "portal", "--until", "2999-12-31", "--from", "2999-01-01", *given)
    listed = json.loads(cli("authorise", "list", "--format", "json"))
    assert [row["state"] for row in listed] == ["valid", "future"]
    assert listed[0]["port_scan"] is True
    assert json.loads(cli("system", "list", "--format", "json"))[0]["authorised_until"].startswith(
        "3000-01-01"
    )
    cli("authorise", "revoke", listed[0]["id"], "--reason", "结束")
    cli("authorise", "revoke", listed[0]["id"], "--reason", "again", code=2)
    assert "revoked already" in cli.error
    listed = json.loads(cli("authorise", "list", "--format", "json"))
    assert (listed[0]["state"], listed[0]["reason"]) == ("revoked", "结束")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--system", "oa", "--until", "2999-12-31"], "oa is not registered"),
        (["--system", "portal", "--until", "2020-12-31"], "in the future"),
        (["--system", "portal", "--until", "2999-01-01", "--from", "2999-02-01"], "after --from"),
        (["--system", "portal", "--until", "soon"], "--until: a date like"),
        (["--system", "portal", "--until", "2999-01-01", "--document", " "], "--document: one line"),
        (["--system", "portal", "--until", "2999-01-01", "--document", "…"], "--document: a name or number"),
        (["--system", "portal", "--until", "2999-01-01", "--approver", "——"], "--approver: a name or number"),
        (["--system", "portal", "--until", "2999-01-01", "--approver", ""], "--approver: one line"),
    ],
)
def test_a_senseless_authorisation_is_refused(cli: Cli, arguments: list[str], said: str) -> None:
    _add(cli)
    cli("authorise", "add", "--approver", "甲", "--document", "1号", *arguments, code=2)
    assert said in cli.error
    assert not list((cli.folder / "authorisations").iterdir())


def test_an_authorisation_in_full(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _add(cli, "--host", "web1=192.0.2.1", "--user", "audit")
    file = cli.folder / "systems" / "portal.yaml"
    file.write_text(file.read_text().replace("kind: linux\n", "kind: linux\n    zone: dmz\n"))
    (tmp_path / "批复.pdf").write_bytes(b"%PDF")
    given = (
        "--approver",
        "网络安全和信息化领导小组办公室",
        "--document",
        "网安〔2026〕1号",
        "--until",
        "2999-12-31",
    )
    scope = ("--system", "portal", "--zone", "dmz", "--kind", "linux", "--file", str(tmp_path / "批复.pdf"))
    hours = ("--window", "周一至周五 22:00-05:00", "--window", "sat,sun 00:00-24:00")
    told = cli("authorise", "add", *given, *scope, *hours, "--from", "2999-01-01")
    assert "It opens at 2999-01-01 00:00+08:00" in told
    assert "The document is kept as approvals/a-29990101-1.pdf" in told
    told = cli("authorise", "add", *given, "--system", "portal")
    assert "Also allowed by a-29990101-1: where several are open" in told
    first = json.loads(cli("authorise", "list", "--format", "json"))[1]
    assert (first["state"], first["zones"], first["kinds"]) == ("future", ["dmz"], ["linux"])
    assert first["windows"] == ["mon-fri 22:00-05:00", "sat,sun 00:00-24:00"]
    monkeypatch.setenv("COLUMNS", "100")
    assert max(map(cell_len, cli("authorise", "list").splitlines())) <= 100
    (cli.folder / first["file"]).write_bytes(b"%PDF forged")
    assert json.loads(cli("authorise", "list", "--format", "json"))[1]["state"] == "altered"
    cli("authorise", "revoke", first["id"], "--reason", "改期")
    listed = cli("authorise", "list")
    assert "(改期)" in listed
    assert max(map(cell_len, listed.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--zone", "dnz"], "zones[0]: a zone that an asset of these systems has expected"),
        (["--kind", "linus"], "kinds[0]: a kind of asset expected, like linux"),
        (["--window", "mon 22:00"], "--window: days and hours like"),
        (["--window", "mon 22:00-22:00"], "--window: hours from 00:00"),
        (
            ["--from", "2998-12-31", "--window", "tue 01:00-02:00", "--until", "2998-12-31"],
            "windows: a window",
        ),
        (["--file", "nowhere.pdf"], "nowhere.pdf cannot be read"),
        (["--file", "."], ". is no file"),
    ],
)
def test_limits_that_allow_nothing_are_named(cli: Cli, arguments: list[str], said: str) -> None:
    _add(cli)
    given = ("--system", "portal", "--approver", "甲", "--document", "1号", "--until", "2999-12-31")
    cli("authorise", "add", *given, *arguments, code=2)
    assert said in cli.error
    assert not list((cli.folder / "authorisations").iterdir())


def test_blackouts_are_listed(cli: Cli) -> None:
    with (cli.folder / "secaudit.yaml").open("a") as file:
        file.write("blackouts:\n  - {start: 2999-02-15, end: 2999-02-21, reason: 春节保障}\n")
        file.write("  - {start: 2999-03-05, end: 2999-03-06, reason: 会议, zones: [dmz]}\n")
    listed = cli("authorise", "list")
    assert "Nothing is scanned from 2999-02-15 00:00+08:00 to 2999-02-22 00:00+08:00: 春节保障" in listed
    assert "Nothing of dmz is scanned from 2999-03-05" in listed


def test_the_demo_can_be_made_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli = Cli(tmp_path / "demo", capsys)
    assert "level 3" in cli("init", str(cli.folder), "--demo")
    assert "renewed" in cli("init", str(cli.folder), "--demo")
    assert "No mistakes: 1 systems, 1 assets" in cli("system", "validate")


def test_the_demo_says_what_an_ordinary_user_misses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cli = Cli(tmp_path / "demo", capsys)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert "not root" not in cli("init", str(cli.folder), "--demo")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "not root and the demo uses no sudo" in cli("init", str(cli.folder), "--demo")


def test_a_folder_without_a_workspace_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli = Cli(tmp_path, capsys)
    cli("system", "list", code=2)
    assert "secaudit init DIR" in cli.error
