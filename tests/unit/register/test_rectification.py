"""Lists from outside, notices and the settings of notices as files: read back, or refused by what is wrong."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from secaudit.errors import ContentError
from secaudit.model.attestation import EvidenceFile
from secaudit.model.content import Severity
from secaudit.model.finding import Source
from secaudit.model.rectification import RectificationNotice, RectificationSettings, WorkDays
from secaudit.model.reported import Report, Reported
from secaudit.register import load_settings
from secaudit.register.findings_file import days_between
from secaudit.register.rectification import keep_notice, load_notices
from secaudit.register.reported import AT_ONCE, keep_report, load_reports

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FILE = EvidenceFile("list.xlsx", "ab" * 32)
SAID = Reported(
    *("oa", "web1", "弱口令", Severity.HIGH, "7号", "V-1", "两行\n描述", "改", "ces.a", "linux.a", "市局"),
    *(date(2026, 2, 1), date(2099, 2, 1)),
)
NOTICE = RectificationNotice(
    "整改〔2026〕1号",
    "office",
    date(2026, 3, 1),
    {7: date(2099, 4, 1), 12: date(2099, 5, 1)},
    "经办岗",
    (FILE,),
)


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_list_is_read_back_whole(tmp_path: Path) -> None:
    bare = Reported("oa", "", "无备份", Severity.LOW, "7号", "无备份")
    report = Report(Source.POLICE, date(2026, 3, 1), FILE, (SAID, bare))
    (path,) = keep_report(tmp_path, report, b"x", NOW)
    assert path.name == "police-20260301-1.yaml"
    assert load_reports(tmp_path) == (report,)


def test_a_long_list_takes_several_files(tmp_path: Path) -> None:
    many = tuple(Reported("oa", "", f"a{n}", Severity.LOW, "7", f"a{n}") for n in range(AT_ONCE + 1))
    report = Report(Source.DRILL, date(2026, 3, 1), FILE, many)
    assert len(keep_report(tmp_path, report, b"x", NOW)) == 2
    assert [len(one.problems) for one in load_reports(tmp_path)] == [AT_ONCE, 1]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("source: scan", "a source outside expected"),
        ("source: rumour", "source"),
        ("date: '2999-01-01'", "not in the future"),
        ("problems: [{system: oa, title: a, severity: worst, document: '7', key: a}]", "severity"),
        ("more: 1", "more"),
    ],
)
def test_a_changed_list_is_refused(tmp_path: Path, said: str, told: str) -> None:
    text = {
        "source": "police",
        "date": "'2026-03-01'",
        "file": f"{{name: a, sha256: {'ab' * 32}}}",
        "problems": "[]",
    }
    name, _colon, value = said.partition(": ")
    lines = "".join(f"{key}: {part}\n" for key, part in {**text, name: value}.items())
    with pytest.raises(ContentError, match=told):
        load_reports(written(tmp_path, "reported/a.yaml", lines))


def test_a_notice_is_read_back_whole(tmp_path: Path) -> None:
    assert keep_notice(tmp_path, NOTICE, {FILE.sha256: b"x"}, NOW).name == "office-20260301-1.yaml"
    assert load_notices(tmp_path) == (NOTICE,)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("findings: [{finding: F000001, deadline: '2026-02-30'}]", "a real date"),
        ("findings: [{finding: '1', deadline: '2026-03-01'}]", "the number of a finding like F000012"),
        (
            "findings: [{finding: F000001, deadline: '2026-03-01'}, {finding: F000001, deadline: '2026-03-02'}]",
            "once",
        ),
        ("person: '…'", "not punctuation alone"),
        ("date: tomorrow", "a real date"),
    ],
)
def test_a_changed_notice_is_refused(tmp_path: Path, said: str, told: str) -> None:
    text = {
        "notice": "1号",
        "organisation": "office",
        "date": "'2026-03-01'",
        "findings": "[]",
        "person": "经办岗",
    }
    name, _colon, value = said.partition(": ")
    lines = "".join(f"{key}: {part}\n" for key, part in {**text, name: value}.items())
    with pytest.raises(ContentError, match=told):
        load_notices(written(tmp_path, "rectification/a.yaml", lines))


def settings(folder: Path, findings: str) -> RectificationSettings:
    written(folder, "secaudit.yaml", f"office: 局\nfindings: {findings}\n")
    return load_settings(folder).rectification


def test_settings_of_notices(tmp_path: Path) -> None:
    said = settings(
        tmp_path,
        '{notice_number: "{year}年{n}号", deadline_days: {high: 15}, working_days: true, contact: 科室, '
        "holidays: [2026-10-01..2026-10-02, '2026-12-31'], made_up_days: ['2026-10-10'], demands: [按期]}",
    )
    free = frozenset({date(2026, 10, 1), date(2026, 10, 2), date(2026, 12, 31)})
    assert said == RectificationSettings(
        "{year}年{n}号",
        {Severity.LOW: 30, Severity.MEDIUM: 30, Severity.HIGH: 15},
        WorkDays(free, frozenset({date(2026, 10, 10)})),
        "科室",
        ("按期",),
    )
    assert settings(tmp_path, "{}") == RectificationSettings()


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ("{notice_number: 1号}", "a number with"),
        ("{deadline_days: {high: 0}}", "high"),
        ("{deadline_days: {highest: 3}}", "highest"),
        ("{holidays: ['2026-10-01']}", "go with working_days"),
        ("{working_days: true, holidays: [National Day]}", "a real date"),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, findings: str, told: str) -> None:
    with pytest.raises(ContentError, match=told):
        settings(tmp_path, findings)


@pytest.mark.parametrize(
    "text", ["2026-10-07..2026-10-01", "2026-01-01..2026-02-01", "2026-10-01..", "..", ""]
)
def test_days_between_are_few_and_in_order(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        days_between(text)
