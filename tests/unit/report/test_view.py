"""The view: complete, honest, safe to show, and as its schema says."""

import json
from dataclasses import replace
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from secaudit.content.folder import content_dir
from secaudit.model.evidence import GapReason
from secaudit.model.register import Asset
from secaudit.model.scope import Platform, Sample
from secaudit.report import Material, view_of
from secaudit.report.safe import shown, shown_lines
from secaudit.report.texts import load_texts
from tests.unit.report.conftest import AUTHORISATION


def test_the_clock_is_compared_as_the_visit_did(material: Material) -> None:
    assert view_of(material)["assets"][0]["clock_skew_s"] == 7


def test_the_view_follows_its_schema(material: Material) -> None:
    schema = json.loads((content_dir("reports") / "self-assessment" / "view.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    view = json.loads(json.dumps(view_of(material)))
    errors = [
        f"{list(e.absolute_path)}: {e.message[:200]}" for e in Draft202012Validator(schema).iter_errors(view)
    ]
    assert errors == []


def test_the_authorisation_of_the_visits_is_told_as_it_stood(material: Material) -> None:
    (told,) = view_of(material)["document"]["authorisations"]
    assert (told["id"], told["document"], told["port_scan"]) == ("2026-01", "No. 15", True)
    assert told["windows"] == [{"zh": "周一至周五 22:00-05:00", "en": "mon-fri 22:00-05:00"}]
    assert "\x1b" not in told["approver"]
    older = replace(AUTHORISATION, approver="before")
    records = [replace(material.records[0], authorised=older), *material.records[1:]]
    both = view_of(replace(material, records=records))["document"]["authorisations"]
    assert [item["approver"] for item in both] == ["before", told["approver"]]
    unknown = [replace(record, authorised=None) for record in material.records]
    assert view_of(replace(material, records=unknown))["document"]["authorisations"] == []


def test_planned_is_the_sum_of_verdicts(material: Material) -> None:
    summary = view_of(material)["summary"]
    assert summary["planned"] == sum(summary["verdicts"].values()) == 6


def test_a_lost_verdict_stops_the_report(material: Material) -> None:
    short = replace(material.records[0], results=material.records[0].results[:1])
    with pytest.raises(AssertionError, match="planned 6 verdicts, have 5"):
        view_of(replace(material, records=[short, *material.records[1:]]))


def test_a_failure_is_not_hidden_by_what_is_open(material: Material) -> None:
    summary = view_of(material)["summary"]
    assert summary["items"]["待核实"] == 1
    assert summary["items_failed"] == 1


def of_a_sample(material: Material) -> Material:
    """The same report where only h2 was chosen, and a machine room is shared."""
    sample = Sample("linux", ("h2",), "张三\x1b", date(2026, 3, 1), "同型号 <b>")
    room = Asset("room", "machine-room", "机房")
    platform = Platform("政务云\x1b", ("pes",), level=3, report_date=date(2026, 2, 1))
    system = replace(material.system, samples=(sample,), shared=(room,), platform=platform)
    assessment = replace(material.assessment, unsampled=("h1", "h3"))
    return replace(material, system=system, assessment=assessment)


def test_the_sampling_is_told_and_nothing_that_was_found_is_hidden(material: Material) -> None:
    view = view_of(of_a_sample(material))
    (told,) = view["system"]["sampling"]
    assert (told["kind"], told["assets"], told["of"], told["date"]) == ("linux", ["h2"], 3, "2026-03-01")
    assert (told["person"], told["reason"]) == ("张三\\x1b", "同型号 <b>")
    assert view["system"]["platform"]["name"] == "政务云\\x1b"
    assert view["system"]["shared"] == [{"id": "room", "kind": "machine-room", "name": "机房"}]
    assert view["summary"]["unsampled"] == ["h1", "h3"]
    (problem,) = view["problems"]
    assert (problem["judged"], problem["groups"][0]["objects"][0]["unsampled"]) == (False, True)
    assert (sum(view["summary"]["problems"].values()), view["summary"]["problems_unsampled"]) == (0, 1)
    assert view["summary"]["verdicts"]["FAIL"] == 1


def test_a_view_of_a_sample_follows_its_schema(material: Material) -> None:
    test_the_view_follows_its_schema(of_a_sample(material))


def test_without_a_sample_every_problem_counts(material: Material) -> None:
    view = view_of(material)
    assert [problem["judged"] for problem in view["problems"]] == [True]
    assert "unsampled" not in view["problems"][0]["groups"][0]["objects"][0]
    assert sum(view["summary"]["problems"].values()) == 1


def test_unreachable_hosts_stay_in_the_report(material: Material) -> None:
    view = view_of(material)
    assert view["summary"]["unreachable"] == ["h3"]
    assert [asset["id"] for asset in view["assets"]] == ["h1", "h2", "h3"]


def test_every_gap_is_counted_with_its_reason(material: Material) -> None:
    gaps = {gap["reason"]: gap["count"] for gap in view_of(material)["gaps"]}
    assert gaps == {"auth_failed": 2, "unparsable": 1}


def test_equal_outputs_stand_once_and_long_ones_are_cut(material: Material) -> None:
    view = view_of(material)
    commands = {seen["command"] for asset in view["assets"] for seen in asset["evidence"]}
    assert len(commands) == 1
    long = next(output for output in view["outputs"].values() if output["size_bytes"] == 9002)
    assert not long["whole"]
    assert len(long["excerpt"]) < 4100


def test_a_table_that_cannot_be_built_shows_its_gap(material: Material) -> None:
    tables = {table["asset"]: table["facts"]["os"] for table in view_of(material)["tables"]}
    assert tables["h1"]["value"]["id"] == "debian"
    assert tables["h3"]["gap"]["reason"] == "auth_failed"


def test_no_text_of_a_target_holds_a_control_character(material: Material) -> None:
    raw = json.dumps(view_of(material), ensure_ascii=False)
    assert not {"\x1b", "\x00", "\u202e"} & set(raw)
    assert "\\\\x1b" in raw
    assert "\\\\u202e" in raw


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", "a\\x0ab"),
        ("\ud800", "\\ud800"),
        ("中文 é ✓", "中文 é ✓"),
        ("x" * 600, "x" * 500 + "…"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_shown_is_one_harmless_line(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_shown_lines_keeps_the_shape() -> None:
    assert shown_lines("a\tb\r\nc", 100) == "a\tb\\x0d\nc"


def test_every_gap_reason_has_words() -> None:
    assert set(load_texts(content_dir("reports") / "gap_reasons.yaml")) == {
        reason.value for reason in GapReason
    }


def test_what_many_hosts_say_of_a_step_is_told_once(material: Material) -> None:
    (item,) = material.assessment.items
    found = item.objects[0]
    several = tuple(replace(step, results=step.results * 1000) for step in found.steps)
    many = replace(item, objects=(replace(found, steps=several), *item.objects[1:]))
    assessment = replace(material.assessment, items=(many,))
    assert view_of(replace(material, assessment=assessment))["items"] == view_of(material)["items"]
