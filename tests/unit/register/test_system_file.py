"""System files: what is read, and every mistake named with file, line, field, what was read and expected."""

import contextlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secaudit.errors import ContentError, Problem, UsageError
from secaudit.model.content import Extension
from secaudit.model.register import DataSet, Grade, Reach, Service, Sudo, Target
from secaudit.register import load_register
from secaudit.register.kinds import GRADES
from tests.unit.register.workspaces import SYSTEM, make, problems_in

FULL = """\
id: portal
name: 门户网站
organisation: office
grade: S3A2G3
extensions: [industrial-control, cloud, cloud]
description: 对外发布，不处理涉密信息
filing_number: 11010099999-00001
filed_on: 2025-03-01
evaluated_on: "2025-09-15"
internet_facing: true
classified: false
secrecy: 非涉密
agencies: [public-security, cac]
contacts:
  - {role: security-administrator, name: 甲, phone: "010-1", email: a@b.example}
assets:
  - id: web1
    kind: linux
    name: Web 1
    address: 2001:db8::1
    zone: dmz
    importance: high
    reach: {transport: ssh, port: 2222, user: audit, key: "file:~/.ssh/k", passphrase: "env:P", sudo: all}
    services: [{port: 443, protocol: tcp, purpose: HTTPS}, {port: 443, protocol: udp, purpose: QUIC}]
  - {id: here, kind: linux, name: 本机, reach: {transport: local}}
  - {id: room, kind: machine-room, name: 机房}
data_sets:
  - id: orders
    name: 订单
    kind: business
    asset: web1
    artefacts: ["/backup/o-[0-9]*.gz", "/备份/全量.tar"]
    method: 每日
    job: backup.sh
    rpo_h: 24
    rto_h: 8
    targets: [{asset: here, path: /vault}, {address: backup.example, off_site: true}]
"""


def test_a_full_file_is_read(tmp_path: Path) -> None:
    (system,) = load_register(make(tmp_path, FULL)).systems
    assert (system.grade, system.level) == (Grade(3, 2), 3)
    assert system.extensions == (Extension.CLOUD, Extension.INDUSTRIAL)
    assert (system.filed_on, system.evaluated_on) == (date(2025, 3, 1), date(2025, 9, 15))
    assert system.agencies == ("public-security", "cac")
    web = system.assets[0]
    assert web.reach == Reach("ssh", 2222, "audit", "file:~/.ssh/k", "env:P", "", False, Sudo.ALL)
    assert web.services == (Service(443, "tcp", "HTTPS"), Service(443, "udp", "QUIC"))
    assert system.assets[2].reach == Reach()
    assert system.data_sets == (
        DataSet(
            "orders",
            "订单",
            "business",
            "web1",
            ("/backup/o-[0-9]*.gz", "/备份/全量.tar"),
            "每日",
            "backup.sh",
            24,
            8,
            (Target("", "/vault", "here"), Target("backup.example", off_site=True)),
        ),
    )


def test_key_agent_is_short_for_the_agent(tmp_path: Path) -> None:
    reach = load_register(make(tmp_path, SYSTEM)).systems[0].assets[0].reach
    assert (reach.agent, reach.key) == (True, "")


@pytest.mark.parametrize("grade", GRADES)
def test_every_valid_grade_is_read(tmp_path: Path, grade: str) -> None:
    (system,) = load_register(make(tmp_path, SYSTEM.replace("S3A3G3", grade))).systems
    assert str(system.grade) == grade


@pytest.mark.parametrize("grade", ["S3A3", "S3A3G4", "s3a3g3", "S0A1G1", "3", "S1A1G2"])
def test_other_grades_are_refused_with_the_list(tmp_path: Path, grade: str) -> None:
    (problem,) = problems_in(make(tmp_path, SYSTEM.replace("S3A3G3", f'"{grade}"')))
    assert problem == Problem("systems/1.yaml", 4, "grade", repr(grade), problem.expected)
    assert "S1A1G1 S1A2G2" in problem.expected


def test_level_5_is_refused_with_the_reason(tmp_path: Path) -> None:
    (problem,) = problems_in(make(tmp_path, SYSTEM.replace("S3A3G3", "S5A5G5")))
    assert "no requirements for level 5" in problem.expected


def _asset(line: str) -> str:
    return SYSTEM + f"    {line}\n"


def _reach(text: str) -> str:
    return SYSTEM.replace("{transport: ssh, user: audit, key: agent}", "{" + text + "}")


def _data(line: str) -> str:
    fields = {"id": "d", "name": "D", "asset": "web1", "method": "m", "rpo_h": "1", "rto_h": "1"}
    key, _colon, value = line.partition(": ")
    lines = "".join(f"    {name}: {text}\n" for name, text in {**fields, key: value}.items())
    return SYSTEM + "data_sets:\n  -\n" + lines


TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        (SYSTEM + "nmae: x\n", "nmae", "unknown field"),
        (SYSTEM.replace("id: portal", "id: Portal"), "id", "a-z, 0-9"),
        (SYSTEM.replace("id: portal", "id: " + "a" * 64), "id", "1 to 63"),
        (SYSTEM.replace("name: 门户网站", 'name: ""'), "name", "one line"),
        (SYSTEM.replace("name: 门户网站", 'name: "a\\u202eb"'), "name", "printable"),
        (SYSTEM.replace("organisation: office", "organisation: other"), "organisation", "secaudit.yaml"),
        (SYSTEM + "filing_number: 1101-1\n", "filing_number", "11 digits"),
        (SYSTEM + "filed_on: 2025-02-30\n", "filed_on", "a real date"),
        (SYSTEM + "filed_on: 20250301\n", "filed_on", "a real date"),
        (SYSTEM + f"evaluated_on: {TOMORROW}\n", "evaluated_on", "not in the future"),
        (SYSTEM + "internet_facing: yes\n", "internet_facing", "true or false"),
        (SYSTEM + "agencies: [police]\n", "agencies[0]", "public-security"),
        (SYSTEM + "contacts: [{role: boss, name: x}]\n", "contacts[0].role", "system-owner"),
        (SYSTEM.replace("192.0.2.1", "999.0.2.1"), "assets[0].address", "an IP address"),
        (SYSTEM.replace("192.0.2.1", "-x.example"), "assets[0].address", "an IP address"),
        (SYSTEM.replace("192.0.2.1", "a b"), "assets[0].address", "an IP address"),
        (SYSTEM.replace("192.0.2.1", "'[2001:db8::1]'"), "assets[0].address", "without brackets"),
        (SYSTEM.replace("192.0.2.1", "'[2001:db8::1]:2222'"), "assets[0].address", "without brackets"),
        (SYSTEM.replace("192.0.2.1", "web.example:2222"), "assets[0].address", "without a port"),
        (SYSTEM.replace("192.0.2.1", "'[x y]:2222'"), "assets[0].address", "an IP address"),
        (
            SYSTEM.replace("kind: linux", "kind: linus"),
            "assets[0].kind",
            "kind of asset expected, like linux",
        ),
        (SYSTEM.replace("kind: linux", "kind: windows"), "assets[0].kind", "cannot be visited yet"),
        (SYSTEM.replace("    address: 192.0.2.1\n", ""), "assets[0].address", "transport: ssh"),
        (_asset("importance: huge"), "assets[0].importance", "low, medium, high"),
        (_asset("services: [{port: 0, purpose: x}]"), "assets[0].services[0].port", "1 to 65535"),
        (_asset("services: [{port: 65536, purpose: x}]"), "assets[0].services[0].port", "1 to 65535"),
        (
            _asset("services: [{port: 22, protocol: sctp, purpose: x}]"),
            "assets[0].services[0].protocol",
            "tcp, udp",
        ),
        (
            _asset("services: [{port: 22, purpose: x}, {port: 22, purpose: y}]"),
            "assets[0].services[1].port",
            "once",
        ),
        (_asset("services: [{port: 22}]"), "assets[0].services[0].purpose", "is required"),
        (_reach("transport: telnet"), "assets[0].reach.transport", "none, local, ssh"),
        (_reach("transport: ssh, key: agent"), "assets[0].reach.user", "transport: ssh"),
        (_reach("transport: ssh, user: a"), "assets[0].reach", "key, agent, password"),
        (_reach("transport: local, sudo: maybe"), "assets[0].reach.sudo", "none, all, listed, password"),
        (
            _reach("transport: local, sudo: password"),
            "assets[0].reach.sudo_password",
            "is required for sudo: password",
        ),
        (
            _reach("transport: local, sudo: all, sudo_password: 'env:P'"),
            "assets[0].reach.sudo_password",
            "only together with sudo: password",
        ),
        (_reach("transport: local, user: '-oX'"), "assets[0].reach.user", "a user name"),
        (_data("kind: junk"), "data_sets[0].kind", "business, configuration"),
        (_data("asset: web2"), "data_sets[0].asset", "of this system"),
        (_data("rpo_h: 0"), "data_sets[0].rpo_h", "hours"),
        (_data("rto_h: -1"), "data_sets[0].rto_h", "hours"),
        (_data("rpo_h: 1.5"), "data_sets[0].rpo_h", "a whole number"),
        (_data("artefacts: [backup/x]"), "data_sets[0].artefacts[0]", "an absolute path"),
        (_data("artefacts: [/a/../b]"), "data_sets[0].artefacts[0]", "without .."),
        (_data('artefacts: ["/a\\nb"]'), "data_sets[0].artefacts[0]", "an absolute path"),
        (_data('artefacts: ["/a\\0b"]'), "data_sets[0].artefacts[0]", "an absolute path"),
        (_data("artefacts: ['/a$(id)']"), "data_sets[0].artefacts[0]", "* ? and [ ]"),
        (_data("artefacts: ['/a/{b,c}']"), "data_sets[0].artefacts[0]", "* ? and [ ]"),
        (_data("targets: [{asset: web2}]"), "data_sets[0].targets[0].asset", "registered asset"),
        (_data("targets: [{path: /x}]"), "data_sets[0].targets[0]", "either asset or address"),
        (_data("targets: [{asset: web1, address: x}]"), "data_sets[0].targets[0]", "either asset or address"),
        (_data("id: web1"), "data_sets[0].id", "taken at systems/1.yaml:6"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, field: str, expected: str) -> None:
    (problem,) = problems_in(make(tmp_path, text))
    assert problem.file == "systems/1.yaml"
    assert problem.field == field
    assert expected in problem.expected
    assert 1 <= problem.line <= len(text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        _reach("transport: ssh, user: a, password: hunter2"),
        _reach("transport: local, sudo: password, sudo_password: hunter2"),
        _reach("transport: local, sudo: all, sudo_password: hunter2"),
        _reach("transport: ssh, user: a, password: [hunter2]"),
        _reach("transport: ssh, user: a, password: {is: hunter2}"),
        _reach("transport: ssh, user: a, key: agent, passphrase: hunter2"),
        _reach("transport: ssh, user: a, key: hunter2"),
        _reach("transport: ssh, user: a, key: agent, pasword: hunter2"),
        SYSTEM.replace("{transport: ssh, user: audit, key: agent}", "password=hunter2"),
        _asset("password: hunter2"),
        _asset("ssh_password: hunter2"),
        SYSTEM + "token: hunter2\n",
    ],
)
def test_a_literal_secret_is_refused_and_never_shown(tmp_path: Path, text: str) -> None:
    problems = problems_in(make(tmp_path, text))
    assert problems
    assert "hunter2" not in "\n".join(map(str, problems))


@pytest.mark.parametrize("reference", ["env:NAME", "file:/x y", "file:~/x", "prompt"])
def test_references_are_accepted(tmp_path: Path, reference: str) -> None:
    assert not problems_in(make(tmp_path, _reach(f"transport: ssh, user: a, password: '{reference}'")))


@pytest.mark.parametrize("reference", ["env:", "env:A B", "file:x", "file:", "agent", "ENV:NAME"])
def test_what_only_looks_like_a_reference_is_not(tmp_path: Path, reference: str) -> None:
    (problem,) = problems_in(make(tmp_path, _reach(f"transport: ssh, user: a, password: '{reference}'")))
    assert "a reference expected" in problem.expected


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    second = SYSTEM.replace("grade: S3A3G3", "grade: x").replace("192.0.2.1", "a b")
    folder = make(tmp_path, SYSTEM, second, "\tx", settings="office: x\nlimits: {jobs: 0}\n")
    (folder / "systems" / "old.yml").write_text("")
    found = {(problem.file, problem.field) for problem in problems_in(folder)}
    assert found == {
        ("secaudit.yaml", "limits.jobs"),
        ("systems/1.yaml", "organisation"),
        ("systems/2.yaml", "organisation"),
        ("systems/2.yaml", "id"),
        ("systems/2.yaml", "assets[0].id"),
        ("systems/2.yaml", "grade"),
        ("systems/2.yaml", "assets[0].address"),
        ("systems/3.yaml", ""),
        ("systems/old.yml", ""),
    }


def test_backups_and_notes_are_no_system_files_and_folders_are_named(tmp_path: Path) -> None:
    folder = make(tmp_path, SYSTEM)
    for name in ("1.yaml~", ".1.yaml.swp", "README.md"):
        (folder / "systems" / name).write_text("?")
    (folder / "systems" / "city.yaml").mkdir()
    (problem,) = problems_in(folder)
    assert problem.file == "systems/city.yaml"


def test_an_asset_of_another_system_may_hold_a_copy(tmp_path: Path) -> None:
    other = SYSTEM.replace("portal", "vault").replace("web1", "vault1")
    assert not problems_in(make(tmp_path, _data("targets: [{asset: vault1}]"), other))


def test_a_folder_that_is_no_workspace_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no workspace"):
        load_register(tmp_path)


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_a_register_or_a_complaint(tmp_path: Path, text: str) -> None:
    _load(make(tmp_path, text))


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["web1", "ssh", "agent"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "kind", "reach", "services", "port", "transport", "asset", "targets", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(["id", "name", "grade", "assets", "data_sets", "classified"]), _VALUES)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_shape_is_a_register_or_a_complaint(tmp_path: Path, data: dict[str, object]) -> None:
    lines = [f"{key}: {value!r}" for key, value in data.items()]
    text = "\n".join(lines).replace("None", "null").replace("True", "true").replace("False", "false")
    _load(make(tmp_path, text))


def _load(folder: Path) -> None:
    with contextlib.suppress(ContentError):
        load_register(folder)
