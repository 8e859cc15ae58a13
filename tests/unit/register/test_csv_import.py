"""Asset lists as CSV."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secaudit.document import reader
from secaudit.errors import ContentError, Problem, UsageError
from secaudit.register.csv_import import read_csv
from secaudit.register.importing import Change, carry_out, plan_import
from secaudit.register.list_text import SIZE_LIMIT_BYTES
from tests.unit.register.workspaces import SYSTEM, make, problems_in

CHINESE = """\
资产编号,资产名称,类型,IP 地址,安全域,重要程度,SSH端口,登录用户,密钥,sudo,服务
db1,订单库,Linux服务器,192.0.2.21,核心区,关键,2222,audit,file:/k,all,5432/tcp 数据库；22 SSH
,,,,,,,,,,
sw1,核心交换机,交换机,192.0.2.250,核心区,高,,,,,
"""
ENGLISH = "Name,Address,User\nWeb02.example,192.0.2.2,audit\n"


def _list(folder: Path, content: str | bytes) -> Path:
    file = folder / "list.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def _complaints(folder: Path, content: str | bytes) -> tuple[Problem, ...]:
    workspace = make(folder / "w", SYSTEM)
    before = (workspace / "systems" / "1.yaml").read_bytes()
    with pytest.raises(ContentError) as caught:
        plan_import(workspace, "portal", read_csv(_list(folder, content), {"key": "agent"}))
    assert (workspace / "systems" / "1.yaml").read_bytes() == before
    return caught.value.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_chinese_headings_are_read(tmp_path: Path, encoding: str, ending: str) -> None:
    found = read_csv(_list(tmp_path, CHINESE.replace("\n", ending).encode(encoding)), {})
    assert found.document.data["assets"] == [
        {
            "id": "db1",
            "kind": "linux",
            "name": "订单库",
            "address": "192.0.2.21",
            "zone": "核心区",
            "importance": "high",
            "reach": {"transport": "ssh", "port": 2222, "user": "audit", "key": "file:/k", "sudo": "all"},
            "services": [
                {"port": 5432, "protocol": "tcp", "purpose": "数据库"},
                {"port": 22, "protocol": "tcp", "purpose": "SSH"},
            ],
        },
        {
            "id": "sw1",
            "kind": "network-device",
            "name": "核心交换机",
            "address": "192.0.2.250",
            "zone": "核心区",
            "importance": "high",
        },
    ]


@pytest.mark.parametrize("heading", ["hypervisor", "宿主机", "VM Host"])
def test_the_machine_that_a_guest_runs_on_is_read(tmp_path: Path, heading: str) -> None:
    found = read_csv(_list(tmp_path, f"id,{heading}\nweb1,kvm-1\n"), {})
    assert found.document.data["assets"][0]["hypervisor"] == "kvm-1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_english_headings_and_other_delimiters_are_read(tmp_path: Path, delimiter: str) -> None:
    found = read_csv(_list(tmp_path, ENGLISH.replace(",", delimiter)), {"key": "agent"})
    (asset,) = found.document.data["assets"]
    assert asset["id"] == "web02-example"
    assert asset["reach"] == {"key": "agent", "transport": "ssh", "user": "audit"}
    assert found.remarks == ("There is no column kind: every asset is taken as linux.",)


def test_assets_are_added_and_the_file_keeps_its_words(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", "# mine\n" + SYSTEM + "    # about web1\n")
    planned = plan_import(workspace, "portal", read_csv(_list(tmp_path, CHINESE), {}))
    assert not (workspace / "systems" / "1.yaml").read_text().count("db1")
    carry_out(planned)
    with pytest.raises(UsageError, match="changed by somebody else"):
        carry_out(planned)  # another import that was planned at the same time
    text = (workspace / "systems" / "1.yaml").read_text()
    assert text.startswith("# mine\n" + SYSTEM + "    # about web1\n")
    assert not problems_in(workspace)
    assert [asset.change for asset in planned.assets] == [Change.ADDED, Change.ADDED]
    again = plan_import(workspace, "portal", read_csv(_list(tmp_path, CHINESE), {}))
    assert [asset.change for asset in again.assets] == [Change.SAME, Change.SAME]


def test_what_a_person_wrote_is_kept_and_the_difference_named(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", SYSTEM)
    listed = "id,name,address\nweb1,Web 1,192.0.2.99\n"
    planned = plan_import(workspace, "portal", read_csv(_list(tmp_path, listed), {}))
    assert [(asset.change, asset.fields) for asset in planned.assets] == [(Change.DIFFERS, ("address",))]
    carry_out(planned)
    assert (workspace / "systems" / "1.yaml").read_text() == SYSTEM


def test_every_bad_row_is_named_and_nothing_is_imported(tmp_path: Path) -> None:
    rows = "id,name,address,user,port,services,secrecy\n" + "\n".join(
        [
            "ok,ok,192.0.2.9,audit,22,443/tcp x,",
            "BAD,b,192.0.2.9,audit,22,,",
            "c,c,not an address,audit,22,,",
            "d,d,192.0.2.9,audit,ssh,,",
            "e,e,192.0.2.9,audit,22,https,",
            "ok,f,192.0.2.9,audit,22,,",
            "g,g,192.0.2.9,audit,22,,机密",
            "h,h,192.0.2.9,audit,22,,,more",
            "i,i,192.0.2.9,audit,70000,,",
        ]
    )
    problems = _complaints(tmp_path, rows)
    assert {problem.line for problem in problems} == {3, 4, 5, 6, 7, 8, 9, 10}
    assert {problem.file for problem in problems} == {"list.csv"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "headings"),
        ("id,adress\nx,192.0.2.1\n", "unknown heading; did you mean address?"),
        ("id,密 级别\nx,机密\n", "did you mean 密级?"),
        ("kind\nlinux\n", "address/地址"),
        ("id,name,kind\nx,x,AIX 7\n", "a kind of asset expected, like linux"),
        ("id,ID\nx,y\n", "each column once"),
        ("kind\nlinux\n", "a column id, name or address"),
        ('id\n"x\n', "CSV expected"),
        (b"\xff\xfei\x00d\x00", "UTF-8 or GB18030"),
        ("id,name\nx,a\x00b\n", "printable"),
        ("id,name\nx,涉密终端\n", "classified"),
        ("id,涉密\nx,是\n", "classified"),
        ("名称\n订单库\n", "a-z, 0-9"),
        ("id,address,user\nx,192.0.2.3,\n", "required for transport"),
    ],
)
def test_a_bad_list_is_refused_with_the_reason(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert any(said in problem.expected for problem in _complaints(tmp_path, content))


def test_what_the_register_does_not_hold_is_left_out_with_a_remark(tmp_path: Path) -> None:
    found = read_csv(
        _list(
            tmp_path, "编号,IP地址,端口,操作系统,责任人,用途,机柜\nx,192.0.2.1,2201,CentOS 7.9,甲,门户,A1\n"
        ),
        {},
    )
    assert found.document.data["assets"] == [
        {
            "id": "x",
            "kind": "linux",
            "name": "192.0.2.1",
            "address": "192.0.2.1",
            "reach": {"transport": "ssh", "port": 2201},
        }
    ]
    assert not found.problems
    (remark,) = found.remarks
    assert "not imported: 责任人, 用途, 机柜" in remark


@pytest.mark.parametrize(
    ("system", "kind"),
    [
        *((name, "linux") for name in ("CentOS Linux 7.9", "Red Hat Enterprise Linux 8", "RHEL8", "Rocky 9")),
        *(
            (name, "linux")
            for name in ("AlmaLinux 9", "Debian 12", "Ubuntu 22.04", "openEuler 22.03", "Anolis OS")
        ),
        *(
            (name, "linux")
            for name in ("龙蜥 8", "Kylin V10", "银河麒麟 V10", "UOS 20", "统信UOS", "SUSE 15")
        ),
        *((name, "windows") for name in ("Windows Server 2019", "windows 10")),
    ],
)
@pytest.mark.parametrize("heading", ["类型", "操作系统"])
def test_names_of_operating_systems_are_kinds(tmp_path: Path, heading: str, system: str, kind: str) -> None:
    found = read_csv(_list(tmp_path, f"id,{heading}\nx,{system}\n"), {})
    assert found.document.data["assets"][0]["kind"] == kind


@pytest.mark.parametrize(
    ("listed", "system", "kind"),
    [
        ("服务器", "Windows Server 2019", "windows"),
        ("服务器", "", "linux"),
        ("交换机", "Linux 2.6", "network-device"),
        ("", "", "linux"),
    ],
)
def test_the_operating_system_tells_servers_apart(
    tmp_path: Path, listed: str, system: str, kind: str
) -> None:
    found = read_csv(_list(tmp_path, f"id,设备类型,操作系统\nx,{listed},{system}\n"), {})
    assert found.document.data["assets"][0]["kind"] == kind


def test_a_password_is_refused_and_never_shown(tmp_path: Path) -> None:
    problems = _complaints(tmp_path, "id,地址,用户,密码\nx,192.0.2.3,audit,hunter2\n")
    assert [problem.field for problem in problems] == ["assets[0].reach.password"]
    assert "hunter2" not in str(problems)


def test_an_asset_of_another_system_is_not_taken_over(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", SYSTEM, SYSTEM.replace("portal", "oa").replace("web1", "oa1"))
    listed = "id,name,address\noa1,x,192.0.2.3\n"
    with pytest.raises(ContentError, match=r"taken at systems/2\.yaml"):
        plan_import(workspace, "portal", read_csv(_list(tmp_path, listed), {}))


def test_a_system_file_does_not_grow_beyond_what_can_be_read(tmp_path: Path) -> None:
    text = SYSTEM + "#" * (reader.SIZE_LIMIT_BYTES - len(SYSTEM.encode()))
    workspace = make(tmp_path / "w", text)
    with pytest.raises(UsageError, match="larger than"):
        plan_import(workspace, "portal", read_csv(_list(tmp_path, ENGLISH), {"key": "agent"}))


def test_an_unknown_system_is_named(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", SYSTEM)
    with pytest.raises(UsageError, match="oa is not registered"):
        plan_import(workspace, "oa", read_csv(_list(tmp_path, ENGLISH), {}))


def test_a_list_without_end_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "list.csv").open("wb") as file:
        file.truncate(SIZE_LIMIT_BYTES + 1)
    with pytest.raises(ContentError, match="at most"):
        read_csv(tmp_path / "list.csv", {})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_csv(tmp_path / "no.csv", {})


@given(st.binary() | st.text(alphabet="idname,;\t\"'\r\n\x00地址0.", max_size=60).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_a_list_or_a_complaint(tmp_path: Path, content: bytes) -> None:
    with contextlib.suppress(ContentError):
        read_csv(_list(tmp_path, content), {})
