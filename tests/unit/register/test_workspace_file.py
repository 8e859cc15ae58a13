"""secaudit.yaml and the authorisation files: settings, the tree of organisations, blackouts, windows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.errors import ContentError, UsageError
from secaudit.model.pace import Pace, ZonePace
from secaudit.register import load_register, load_settings
from secaudit.register.settings import settings_of
from secaudit.register.workspace_file import WorkspacePart
from tests.unit.register.workspaces import SYSTEM, WORKSPACE, make, problems_in

FULL = """\
office: 市政务云
language: en
database: sqlite:///data/own.db
content_folders: [content, /srv/content]
limits: {jobs: 4}
organisations:
  - {id: city, name: 市}
  - {id: county, name: 县, parent: city}
blackouts:
  - {start: 2027-02-15T00:00+08:00, end: 2027-02-21T12:30:00Z, reason: 春节}
"""
AUTHORISATION = """\
id: a1
systems: [portal]
approver: 甲
document: 1号
valid_from: 2026-01-01T00:00:00+08:00
valid_until: 2026-06-30T00:00+08:00
port_scan: true
"""


@pytest.mark.parametrize("name", ["systems/link.yaml", "authorisations/link.yaml", "secaudit.yaml"])
def test_a_link_out_of_the_workspace_is_not_read(tmp_path: Path, name: str) -> None:
    workspace = make(tmp_path / "w", SYSTEM)
    (tmp_path / "shadow").write_text("root:$6$secret:19000::::::\n")
    (workspace / name).unlink(missing_ok=True)
    (workspace / name).symlink_to(tmp_path / "shadow")
    with pytest.raises(ContentError, match="not a link out of it") as caught:
        load_register(workspace)
    assert [problem.file for problem in caught.value.problems] == [name]
    assert "secret" not in str(caught.value)


def test_settings_behind_a_link_out_of_the_workspace_are_not_read(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", SYSTEM)
    (workspace / "secaudit.yaml").rename(tmp_path / "secaudit.yaml")
    (workspace / "secaudit.yaml").symlink_to(tmp_path / "secaudit.yaml")
    with pytest.raises(ContentError, match="not a link out of it"):
        load_settings(workspace)


def test_a_link_within_the_workspace_is_read(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", SYSTEM)
    (workspace / "systems" / "1.yaml").rename(workspace / "portal")
    (workspace / "systems" / "1.yaml").symlink_to(workspace / "portal")
    assert load_register(workspace).systems[0].id == "portal"


def test_settings_are_read(tmp_path: Path) -> None:
    settings = load_settings(make(tmp_path, settings=FULL))
    assert (settings.office, settings.language, settings.pace.jobs) == ("市政务云", "en", 4)
    assert settings.database == f"sqlite:///{tmp_path.resolve()}/data/own.db"
    assert settings.content_folders == (tmp_path.resolve() / "content", Path("/srv/content"))
    assert settings.organisations[1].parent == "city"
    assert settings.blackouts[0].start == datetime(2027, 2, 14, 16, tzinfo=UTC)
    assert settings.blackouts[0].end == datetime(2027, 2, 21, 12, 30, tzinfo=UTC)


def test_settings_have_defaults(tmp_path: Path) -> None:
    settings = load_settings(make(tmp_path))
    assert (settings.language, settings.content_folders) == ("zh", ())
    assert settings.database == f"sqlite:///{tmp_path.resolve()}/secaudit.db"


def test_the_database_may_be_named_by_a_variable(tmp_path: Path) -> None:
    part = WorkspacePart(office="x", database="env:DB")
    assert settings_of(part, tmp_path, {"DB": "postgresql://a:b@c/d"}).database == "postgresql://a:b@c/d"
    with pytest.raises(UsageError, match="DB"):
        settings_of(part, tmp_path, {})


@pytest.mark.parametrize(
    ("line", "field", "expected"),
    [
        ("database: postgresql://audit:hunter2@db/x", "database", "without a password"),
        ("database: env:A B", "database", "without a password"),
        ("language: de", "language", "zh, en"),
        ("limits: {jobs: 257}", "limits.jobs", "1 to 256"),
        ("limits: {visit_s: 29}", "limits.visit_s", "30 to 86400"),
        ("limits: {logins: -1}", "limits.logins", "0 to 10000"),
        ("limits: {zones: {dmz: {jobs: 900}}}", "limits.zones.dmz.jobs", "0 to 256"),
        ("limits: {job: 2}", "limits.job", "unknown field"),
        ("blackouts: [{start: 2027-01-02, end: 2027-01-01, reason: x}]", "blackouts[0].end", "after"),
        ("blackouts: [{start: 2027-13-02, end: 2027-01-01, reason: x}]", "blackouts[0].start", "a date like"),
        ("blackouts: [{start: 2027-01-02, end: tomorrow, reason: x}]", "blackouts[0].end", "a date like"),
        ("blackouts: [{start: 2027-01-02, end: 2027-01-02}]", "blackouts[0].reason", "is required"),
    ],
)
def test_a_mistake_in_the_settings_is_named(tmp_path: Path, line: str, field: str, expected: str) -> None:
    folder = make(tmp_path, SYSTEM, settings=WORKSPACE + line + "\n")
    with pytest.raises(ContentError) as caught:
        load_settings(folder)
    (problem,) = caught.value.problems
    assert (problem.file, problem.field, problem.line) == ("secaudit.yaml", field, 4)
    assert expected in problem.expected
    assert "hunter2" not in str(problem)
    assert problem in problems_in(folder)


@pytest.mark.parametrize(
    ("tree", "field", "expected"),
    [
        ("[{id: a, name: A, parent: b}, {id: b, name: B, parent: a}]", "organisations[0].parent", "cycle"),
        ("[{id: a, name: A, parent: a}]", "organisations[0].parent", "cycle"),
        ("[{id: a, name: A, parent: z}]", "organisations[0].parent", "the id of an organisation"),
        ("[{id: a, name: A}, {id: a, name: B}]", "organisations[1].id", "taken at secaudit.yaml:2"),
    ],
)
def test_organisations_are_a_tree(tmp_path: Path, tree: str, field: str, expected: str) -> None:
    problems = problems_in(make(tmp_path, settings=f"office: x\norganisations: {tree}\n"))
    assert (problems[0].field, expected in problems[0].expected) == (field, True)


def test_a_way_into_a_cycle_ends(tmp_path: Path) -> None:
    tree = "[{id: c, name: C, parent: a}, {id: a, name: A, parent: b}, {id: b, name: B, parent: a}]"
    problems = problems_in(make(tmp_path, settings=f"office: x\norganisations: {tree}\n"))
    assert [problem.field for problem in problems] == ["organisations[1].parent", "organisations[2].parent"]


LIMITS = """\
limits:
  jobs: 16
  per_segment: 4
  per_hypervisor: 1
  jitter_s: 600
  visit_s: 120
  run_s: 14400
  failures: 20
  logins: 5
  zones:
    dmz: {jobs: 2, failures: 5}
    office: {}
"""


def test_every_limit_is_read(tmp_path: Path) -> None:
    pace = load_settings(make(tmp_path, settings=WORKSPACE + LIMITS)).pace
    zones = {"dmz": ZonePace(jobs=2, failures=5), "office": ZonePace()}
    assert pace == Pace(16, 4, 1, 600, 120, 14400, 20, 5, zones)


def test_without_limits_the_usual_ones_count(tmp_path: Path) -> None:
    assert load_settings(make(tmp_path, settings="office: x\n")).pace == Pace()


def test_limits_of_a_zone_that_no_asset_is_in_are_a_mistake(tmp_path: Path) -> None:
    system = SYSTEM.replace("    address:", "    zone: dmz\n    address:")
    limits = "limits: {zones: {dmz: {jobs: 2}, dmz2: {jobs: 1}}}\n"
    (problem,) = problems_in(make(tmp_path, system, settings=WORKSPACE + limits))
    assert (problem.file, problem.field, problem.line) == ("secaudit.yaml", "limits.zones.dmz2", 4)
    assert problem.expected == "the zone of an asset expected (dmz)"


def test_an_authorisation_is_read(tmp_path: Path) -> None:
    (found,) = load_register(make(tmp_path, SYSTEM, a1=AUTHORISATION)).authorisations
    assert (found.id, found.systems, found.port_scan, found.revoked_at) == ("a1", ("portal",), True, None)
    assert found.valid_from == datetime(2025, 12, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ("[portal]", "[other]", "systems[0]", "registered system"),
        ("approver: 甲\n", "", "approver", "is required"),
        ("2026-06-30T00:00+08:00", "2025-06-30", "valid_until", "after"),
        ("2026-06-30T00:00+08:00", "20260630", "valid_until", "a date like"),
        ("port_scan: true", "port_scan: 1", "port_scan", "true or false"),
        ("port_scan: true", "revoked_at: soon", "revoked_at", "a date like"),
    ],
)
def test_a_mistake_in_an_authorisation_is_named(
    tmp_path: Path, old: str, new: str, field: str, expected: str
) -> None:
    (problem,) = problems_in(make(tmp_path, SYSTEM, a1=AUTHORISATION.replace(old, new)))
    assert (problem.file, problem.field) == ("authorisations/a1.yaml", field)
    assert expected in problem.expected


def test_an_id_is_given_once(tmp_path: Path) -> None:
    (problem,) = problems_in(make(tmp_path, SYSTEM, a1=AUTHORISATION, a2=AUTHORISATION))
    assert "taken at authorisations/a1.yaml:1" in problem.expected
