"""``system due`` from the command line: what is late, what comes, and the exit code that monitoring reads."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.register.times import in_zone
from tests.end_to_end.test_register import Cli

pytestmark = pytest.mark.end_to_end

DONE = (
    "evaluated_on",
    "self_assessed_on",
    "cryptography_assessed_on",
    "emergency_drilled_on",
    "recovery_drilled_on",
)


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path / "w", capsys)
    made("init", str(made.folder), "--office", "市局")
    return made


def _record(cli: Cli, name: str, **days: date | str) -> None:
    cli("system", "add", name, "--name", name, "--grade", "S3A3G3", "--filing-number", "11010099999-00001")
    with (cli.folder / "systems" / f"{name}.yaml").open("a", encoding="utf-8") as file:
        file.writelines(f"{key}: {value}\n" for key, value in days.items())


def _days(ago: int) -> date:
    return in_zone(datetime.now(UTC)).date() - timedelta(days=ago)


def test_a_system_in_order_is_clean_and_shows_what_comes(cli: Cli) -> None:
    _record(cli, "oa", **dict.fromkeys(DONE, _days(100)), filing_valid_until=_days(-400))
    assert json.loads(cli("system", "due", "--format", "json")) == []
    soon = json.loads(cli("system", "due", "--within", "40w", "--format", "json"))
    assert {row["duty"] for row in soon} == {
        "evaluation",
        "self-assessment",
        "cryptography",
        "emergency-drill",
        "recovery-drill",
    }
    assert {row["state"] for row in soon} == {"due"}
    assert len(json.loads(cli("system", "due", "--all", "--format", "json"))) == 6


def test_what_is_late_or_not_on_record_is_named_first_and_is_exit_code_1(cli: Cli) -> None:
    _record(cli, "oa", **dict.fromkeys(DONE[:-1], _days(100)), filing_valid_until=_days(2))
    rows = json.loads(cli("system", "due", "--format", "json", code=1))
    assert [(row["duty"], row["state"], row["days"]) for row in rows] == [
        ("certificate", "overdue", -2),
        ("recovery-drill", "unrecorded", None),
    ]
    (first, _second) = csv.DictReader(io.StringIO(cli("system", "due", "--format", "csv", code=1)))
    assert (first["owner"], first["due_on"]) == ("oa", _days(2).isoformat())
    table = cli("system", "due", code=1)
    assert "renewal of the filing certificate" in table
    assert "not on record" in table


def test_answers_that_end_are_due_and_one_system_may_be_asked_for(cli: Cli) -> None:
    _record(cli, "oa", **dict.fromkeys(DONE, _days(1)), filing_valid_until=_days(-400))
    _record(cli, "other", filing_valid_until=_days(1))
    answer = ("--answer", "符合", "--person", "甲", "--date", _days(9).isoformat())
    until = _days(-5).isoformat()
    cli("attest", "set", "oa", "pss.issuing.a#1", *answer, "--valid-until", until)
    (row,) = json.loads(cli("system", "due", "oa", "--format", "json"))
    assert (row["duty"], row["due_on"], row["count"]) == ("answers", until, 1)
    cli("system", "due", "other", code=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--within", "soon"], "like 30d or 8w"), (["--within", "-1d"], "30d"), (["no"], "not registered")],
)
def test_wrong_usage_is_named(cli: Cli, arguments: list[str], said: str) -> None:
    cli("system", "due", *arguments, code=2)
    assert said in cli.error


def test_what_is_on_record_is_shown_in_the_words_of_people(cli: Cli) -> None:
    _record(cli, "oa", filing_organ="city bureau", filing_state="filed")
    with (cli.folder / "systems" / "oa.yaml").open("r+", encoding="utf-8") as file:
        text = file.read().replace("data_sets: []", DATA_SET)
        text = text.replace("assets: []", "assets: [{id: web1, kind: linux, name: w}]")
        file.seek(0)
        file.write(text)
    shown = cli("system", "show", "oa")
    for said in ("Filing: filed", "Filed with: city bureau", "sensitive", "Leaves the country"):
        assert said in shown
    found = json.loads(cli("system", "show", "oa", "--format", "json"))
    assert (found["filing_organ"], found["data_sets"][0]["persons"]) == ("city bureau", 7)


DATA_SET = """\
data_sets:
  - {id: d, name: D, asset: web1, method: m, rpo_h: 1, rto_h: 1, personal: sensitive, persons: 7, cross_border: false}
"""
