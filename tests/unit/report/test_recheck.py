"""The recheck: counts, before and after side by side, and no text of a target that acts in it."""

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from docx import Document

from secaudit.assess.rechecking import Newest
from secaudit.model.attestation import EvidenceFile
from secaudit.model.content import Severity
from secaudit.model.evidence import Gap, GapReason, Observation
from secaudit.model.finding import Claim, CloseReason, Closing, Event, EventKind, Finding, Source, Stage
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.text import Language, Text
from secaudit.report.recheck import OUTPUT_CAP, PROBES_SHOWN, Lookup, Subject, recheck_view
from secaudit.report.recheck_html import render_recheck
from secaudit.report.recheck_word import FORM, ROWS_LIMIT, render_recheck_word
from secaudit.report.word_filling import template_of
from tests.unit.report.conftest import HOSTILE
from tests.unit.report.test_rectification_workbook import DETAIL, NOW, finding

DAY = timedelta(days=1)
SUBJECT = Subject(
    "某市网络安全办公室",
    "市信息中心",
    "1号",
    date(2026, 3, 2),
    "复查岗",
    date(2026, 4, 2),
    NOW + 30 * DAY,
    "1",
)
NOTICED = Event(NOW + DAY, EventKind.NOTICED, person="经办岗", notice="1号", deadline=date(2026, 4, 1))
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def result(verdict: Verdict, *offenders: str, gap: Gap | None = None, seen: str = "180 天") -> Result:
    told = tuple(Offender(one, Text(seen, seen), Text("90 天", "90 days")) for one in offenders)
    return Result("linux.a", "web1", "web1", verdict, told, gap, probes=("shadow", "login.defs"))


RUNS = {
    "r1": (NOW, result(Verdict.FAIL, "root", "daemon")),
    "r2": (NOW + 2 * DAY, result(Verdict.FAIL, "root", seen="120 天")),
}


def observation(probe: str, output: bytes = b"root:x:99999\n") -> Observation:
    return Observation(probe, "h", f"cat {probe}", output=output, exit_status=0)


def lookup(runs: dict[str, tuple[datetime, Result]] | None = None, *answers: Observation) -> Lookup:
    known = RUNS if runs is None else runs

    def newest(_finding: Finding) -> Newest | None:
        run = max(known, default="")
        return Newest(run, *known[run]) if run else None

    return Lookup(
        newest=newest,
        result=lambda run, _finding: known[run][1] if run in known else None,
        visited_at=lambda run, _asset: known[run][0] if run in known else None,
        observations=lambda _run, _asset: answers or (observation("shadow"), observation("other")),
        detail=lambda _finding: DETAIL,
    )


def noticed(number: int, **more: Any) -> Finding:
    known: dict[str, Any] = {"offender": "root", "history": (NOTICED,), "deadline": date(2026, 4, 1)}
    return finding(number, **(known | more))


def view_of(*findings: Finding, look: Lookup | None = None, subject: Subject = SUBJECT) -> dict[str, Any]:
    made = recheck_view(findings, subject, look or lookup())
    return json.loads(json.dumps(made))  # type: ignore[no-any-return]


CLOSED = noticed(
    8, offender="daemon", stage=Stage.CLOSED, closed=Closing(NOW + 2 * DAY, CloseReason.PASSED, run="r2")
)


def test_every_finding_counts_once() -> None:
    removed = Closing(NOW + 2 * DAY, CloseReason.ASSET_REMOVED)
    gone = noticed(9, severity=Severity.LOW, stage=Stage.CLOSED, closed=removed)
    counts = view_of(noticed(7), CLOSED, gone)["counts"]
    assert counts == {
        "findings": 3,
        "rectified": 1,
        "not_rectified": 1,
        "unverified": 1,
        "overdue": 1,
        "by_severity": {
            "high": {"rectified": 1, "not_rectified": 1, "unverified": 0},
            "medium": {"rectified": 0, "not_rectified": 0, "unverified": 0},
            "low": {"rectified": 0, "not_rectified": 0, "unverified": 1},
        },
    }


def test_before_and_after_stand_side_by_side() -> None:
    failed, passed = view_of(CLOSED, noticed(7))["groups"]
    assert (failed["standing"], passed["standing"]) == ("not_rectified", "rectified")
    (row,) = failed["findings"]
    assert (row["seen"]["zh"], row["after"]["zh"], row["expected"]["zh"]) == ("180 天", "120 天", "90 天")
    assert (failed["before"]["run"], failed["after"]["run"]) == ("r1", "r2")
    assert [one["probe"] for one in failed["before"]["answers"]] == ["shadow"]
    assert passed["findings"][0]["after"]["zh"] == ""


def test_what_rests_on_the_same_evidence_stands_together() -> None:
    whole = result(Verdict.FAIL, "root", "daemon")
    (group,) = view_of(
        noticed(7), noticed(8, offender="daemon"), look=lookup({**RUNS, "r2": (NOW + 2 * DAY, whole)})
    )["groups"]
    assert [row["number"] for row in group["findings"]] == ["F000007", "F000008"]


@pytest.mark.parametrize(
    ("runs", "why"), [({}, "not_retested"), ({"r1": RUNS["r1"]}, "not_retested"), (RUNS, "fails")]
)
def test_evidence_before_the_notice_shows_nothing(runs: dict[str, tuple[datetime, Result]], why: str) -> None:
    (group,) = view_of(noticed(7), look=lookup(runs))["groups"]
    assert group["why"] == why
    assert (group["before"] is None, group["after"] is None) == (not runs, why != "fails")


def test_a_gap_says_why() -> None:
    gap = result(Verdict.UNKNOWN, gap=Gap(GapReason.NEEDS_ROOT))
    (group,) = view_of(noticed(7), look=lookup({**RUNS, "r2": (NOW + 2 * DAY, gap)}))["groups"]
    assert (group["standing"], group["why"], group["gap"]) == ("unverified", "gap", "needs_root")
    page = "".join(render_recheck(view_of(noticed(7), look=lookup({"r2": (NOW + 2 * DAY, gap)})), "zh"))
    assert "缺少证据：" in page


def test_without_a_notice_all_evidence_since_it_was_found_counts() -> None:
    (group,) = view_of(noticed(7, history=()), subject=replace(SUBJECT, notice="", notice_day=None))["groups"]
    assert group["standing"] == "not_rectified"


def test_what_people_did_is_told_in_order() -> None:
    files = (EvidenceFile("截图.png", "ab" * 32),)
    history = (
        NOTICED,
        Event(NOW + 2 * DAY, EventKind.CLAIMED, person="王岗", text="已组织演练", files=files),
        Event(NOW + 3 * DAY, EventKind.CLOSED, person="复核岗", reason=CloseReason.REVIEWED, text="查看记录"),
    )
    closing = Closing(NOW + 3 * DAY, CloseReason.REVIEWED, reviewer="复核岗")
    known = {
        "source": Source.POLICE,
        "check": "",
        "asset": "",
        "offender": "",
        "document": "公网安7号",
        "opened_in": "ab" * 32,
    }
    told = view_of(noticed(7, stage=Stage.CLOSED, closed=closing, history=history, **known))
    (group,) = told["groups"]
    assert [act["kind"] for act in group["people"]] == ["noticed", "claimed", "closed"]
    assert (group["before"], group["after"]) == (None, None)
    page = "".join(render_recheck(told, "zh"))
    for text in (
        "王岗 声明已整改：已组织演练",
        "截图.png SHA-256 abab",
        "复核岗 复核：已整改：查看记录",
        "公网安7号",
    ):
        assert text in page


def test_outputs_are_cut_and_counted() -> None:
    many = [observation(f"p{number}", b"x" * 100_000) for number in range(PROBES_SHOWN + 2)]
    probes = tuple(one.probe_id for one in many)
    runs = {"r1": (NOW, replace(RUNS["r1"][1], probes=probes))}
    (group,) = view_of(noticed(7), look=lookup(runs, *many))["groups"]
    assert (len(group["before"]["answers"]), group["before"]["more"]) == (PROBES_SHOWN, 2)
    assert len(group["before"]["answers"][0]["output"]) == OUTPUT_CAP + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_document_has_the_same_counts(language: Language) -> None:
    told = view_of(noticed(7), CLOSED)
    made = render_recheck_word(told, language, template_of(FORM, language, None))
    assert made == render_recheck_word(told, language, template_of(FORM, language, None))
    document = Document(io.BytesIO(made))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    names = (
        ("问题总数", "已整改", "未整改", "无法核实")
        if language == "zh"
        else ("Findings", "Rectified", "Not rectified")
    )
    counts = {row[0]: row[1] for row in cells if len(row) == 2}
    assert [counts[name] for name in names] == ["2", "1", "1", "0"][: len(names)]
    failed = next(row for row in cells if row[0] == "F000007")
    assert ("180 天" in failed[3], "120 天" in failed[4], "root:x:99999" in failed[3]) == (True, True, True)


def test_nothing_to_recheck_is_said() -> None:
    made = render_recheck_word(view_of(), "zh", template_of(FORM, "zh", None))
    assert "没有可复查的问题" in "\n".join(one.text for one in Document(io.BytesIO(made)).paragraphs)
    assert "没有可复查的问题" in "".join(render_recheck(view_of(), "zh"))


def test_a_long_document_says_that_it_is_cut() -> None:
    group = view_of(noticed(7))["groups"][0]
    long = {**view_of(noticed(7)), "groups": [group] * (ROWS_LIMIT + 1)}
    made = render_recheck_word(long, "zh", template_of(FORM, "zh", None))
    told = "\n".join(one.text for one in Document(io.BytesIO(made)).paragraphs)
    assert f"共 {ROWS_LIMIT + 1} 组，本文件列出 {ROWS_LIMIT} 组" in told


NASTY = (
    HOSTILE,
    "<script>alert(1)</script>",
    "{{ office }}{% for x in y %}",
    "\x07\ufffe\ud800\u202e",
    "a" * 100_000,
)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_of_a_target_acts(text: str) -> None:
    output = text.encode("utf-8", "surrogatepass")
    runs = {
        name: (at, replace(one, offenders=(Offender(text, Text(text, text), Text(text, text)),)))
        for name, (at, one) in RUNS.items()
    }
    told = view_of(noticed(7, offender=text), look=lookup(runs, observation("shadow", output)))
    page = "".join(render_recheck(told, "zh"))
    assert "<script" not in page
    made = Document(io.BytesIO(render_recheck_word(told, "zh", template_of(FORM, "zh", None))))
    plain = Document(
        io.BytesIO(render_recheck_word(view_of(noticed(7)), "zh", template_of(FORM, "zh", None)))
    )
    assert len(made.element.body.xpath(".//w:p")) == len(plain.element.body.xpath(".//w:p"))


def test_a_claim_without_a_retest_is_not_rectified_yet() -> None:
    claimed = noticed(7, stage=Stage.CLAIMED, claimed=Claim(datetime(2026, 3, 20, tzinfo=UTC), "王岗"))
    (group,) = view_of(claimed)["groups"]
    assert (group["standing"], group["why"]) == ("unverified", "not_retested")
