"""What items are judged on, as files say it: samples with who, when and why, and objects that systems share."""

from datetime import date
from pathlib import Path

import pytest

from secaudit.model.scope import Platform
from secaudit.register import load_register
from tests.unit.register.workspaces import make, problems_in

SETTINGS = """\
office: 测试单位
organisations:
  - id: province
    name: 省
    objects:
      - {id: room, kind: machine-room, name: 省机房}
      - {id: vault, kind: machine-room, name: 专用机房, systems: [other]}
  - {id: office, name: 测试单位, parent: province, objects: [{id: rules, kind: document, name: 制度}]}
  - {id: branch, name: 下级, parent: office, objects: [{id: own, kind: person, name: 管理员}]}
"""
SYSTEM = """\
id: portal
name: 门户网站
organisation: office
grade: S3A3G3
assets:
  - {id: web1, kind: linux, name: 甲}
  - {id: web2, kind: linux, name: 乙}
  - {id: db, kind: database, name: 丙}
"""
OTHER = "id: other\nname: 他\norganisation: province\ngrade: S2A2G2\n"
SAMPLE = """\
sampling:
  - {kind: linux, assets: [web2], person: 张三, date: 2026-03-01, reason: 同型号同配置}
"""


def test_a_sample_says_who_chose_what_when_and_why(tmp_path: Path) -> None:
    system, _other = load_register(make(tmp_path, SYSTEM + SAMPLE, OTHER, settings=SETTINGS)).systems
    (sample,) = system.samples
    assert (sample.kind, sample.assets, sample.person, sample.reason) == (
        "linux",
        ("web2",),
        "张三",
        "同型号同配置",
    )
    assert [asset.id for asset in system.assets if system.is_judged(asset)] == ["web2", "db"]


def test_objects_of_an_organisation_serve_the_systems_below_it(tmp_path: Path) -> None:
    portal, other = load_register(make(tmp_path, SYSTEM, OTHER, settings=SETTINGS)).systems
    assert [(one.id, one.kind) for one in portal.shared] == [("rules", "document"), ("room", "machine-room")]
    assert [one.id for one in other.shared] == ["room", "vault"]


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ("{kind: linux, assets: [db], person: 甲, date: 2026-03-01, reason: 因}", "assets", "system and kind"),
        ("{kind: linux, assets: [nope], person: 甲, date: 2026-03-01, reason: 因}", "assets", "system and kind"),
        ("{kind: linux, assets: [web1, web1], person: 甲, date: 2026-03-01, reason: 因}", "assets", "each once"),
        ("{kind: linux, assets: [], person: 甲, date: 2026-03-01, reason: 因}", "assets", ""),
        ("{kind: linux, assets: [web1], date: 2026-03-01, reason: 因}", "person", ""),
        ("{kind: linux, assets: [web1], person: …, date: 2026-03-01, reason: 因}", "person", "punctuation"),
        ("{kind: linux, assets: [web1], person: 甲, date: 2999-03-01, reason: 因}", "date", "future"),
        ("{kind: linux, assets: [web1], person: 甲, date: 2026-03-01, reason: ' '}", "reason", ""),
        ("{kind: [linux], assets: {a: b}, person: 甲, date: 2026-03-01, reason: 因}", "kind", ""),
    ],
)  # fmt: skip
def test_mistakes_of_a_sample_are_named(tmp_path: Path, row: str, field: str, said: str) -> None:
    problems = problems_in(make(tmp_path, SYSTEM + "sampling:\n  - " + row + "\n", OTHER, settings=SETTINGS))
    assert any(field in problem.field and said in problem.expected for problem in problems), problems


PLATFORM = """\
platform:
  name: 市政务云
  filing_number: 11010099999-00009
  level: 3
  report_number: 11010099999-00009-26-0001-01
  report_date: 2026-02-01
  split: 责任划分书
  provider: [pes, cns.architecture.a, L3-CES2-07]
"""


def test_the_platform_of_a_tenant_is_read(tmp_path: Path) -> None:
    system, _other = load_register(make(tmp_path, SYSTEM + PLATFORM, OTHER, settings=SETTINGS)).systems
    assert system.platform == Platform(
        "市政务云",
        ("pes", "cns.architecture.a", "L3-CES2-07"),
        "11010099999-00009",
        3,
        "11010099999-00009-26-0001-01",
        date(2026, 2, 1),
        "责任划分书",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  level: 3", "  level: 5", ""),
        ("00009-26-0001-01", "00008-26-0001-01", "begins with the filing number"),
        ("00009-26-0001-01", "00009-26-1", "a report number like"),
        ("report_date: 2026", "report_date: 2999", "future"),
        ("[pes,", "[hrs,", "tenant's own"),
        ("[pes,", "[PES,", "tenant's own"),
        ("[pes,", "[cms,", "name their control points"),
        ("[pes,", "[mms, mms.environment,", "name their control points"),
        ("split: 责任划分书", "split: '-'", "punctuation alone"),
        ("[pes, cns.architecture.a, L3-CES2-07]", "[]", ""),
        ("  name: 市政务云\n", "", ""),
        ("name: 市政务云", "name: 涉密云平台", "classified"),
    ],
)
def test_mistakes_of_a_platform_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = SYSTEM + PLATFORM.replace(old, new)
    problems = problems_in(make(tmp_path, text, OTHER, settings=SETTINGS))
    assert [said in problem.expected for problem in problems] == [True]


@pytest.mark.parametrize(("kind", "fine"), [("middleware", True), ("linux", False), ("database", False)])
def test_only_software_is_without_a_login(tmp_path: Path, kind: str, fine: bool) -> None:
    asset = f"  - {{id: x, kind: {kind}, name: 戊, own_login: false}}\n"
    problems = problems_in(make(tmp_path, SYSTEM + asset, OTHER, settings=SETTINGS))
    assert (problems == ()) is fine


def test_a_kind_is_sampled_once(tmp_path: Path) -> None:
    twice = SAMPLE + SAMPLE.splitlines()[1].replace("web2", "web1") + "\n"
    (problem,) = problems_in(make(tmp_path, SYSTEM + twice, OTHER, settings=SETTINGS))
    assert "each kind once" in problem.expected


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: vault", "id: web1", "id of its own"),
        ("id: vault", "id: room", "id of its own"),
        ("systems: [other]", "systems: [nope]", "registered system"),
        ("kind: person", "kind: linux", "asset of a system"),
        ("name: 省机房", "name: 涉密机房", "classified"),
    ],
)
def test_mistakes_of_shared_objects_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    problems = problems_in(make(tmp_path, SYSTEM, OTHER, settings=SETTINGS.replace(old, new)))
    assert [said in problem.expected for problem in problems] == [True]


@pytest.mark.parametrize(
    ("former", "said"),
    [
        ("[old1, old2]", ""),
        ("[web1]", "no registered asset has"),
        ("[x]", "no registered asset has"),
        ("[old1, old1]", "taken at"),
        ("[../x]", "expected"),
    ],
)
def test_what_an_asset_was_called_before_is_no_name_of_another(
    tmp_path: Path, former: str, said: str
) -> None:
    asset = f"  - {{id: x, kind: application, name: 戊, formerly: {former}}}\n"
    problems = problems_in(make(tmp_path, SYSTEM + asset, OTHER, settings=SETTINGS))
    assert [said in problem.expected for problem in problems] == ([True] if said else [])
