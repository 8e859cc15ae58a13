"""``secaudit assess``: a conclusion where everything is decided, else a refusal that names what is open."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from secaudit.assess import assess as assess_system
from secaudit.assess.answers import answers_for
from secaudit.assess.risks import Risks
from secaudit.assess.standing import Standing
from secaudit.cli import assess as command
from secaudit.cli.assess_open import SHOWN
from secaudit.cli.assessed import Assessed
from secaudit.cli.exit_codes import ExitCode
from secaudit.model.attestation import Answer
from secaudit.model.run import Plan, Run, RunState, Versions
from tests.unit.assess import samples
from tests.unit.assess.risk_samples import risk

SYSTEM = samples.system(samples.asset(transport="none"))
RUN = Run("run-1", RunState.COMPLETE, samples.NOW, samples.NOW, Plan((), (), {}, ()), Versions("1", "3", "0"))


def one(*, steps: int, answered: int, risks: Risks) -> Assessed:
    """A system that owes one item of so many steps, of which a person answered some."""
    item = samples.requirement(
        *(samples.step(number, key="mms.x.a") for number in range(1, steps + 1)), key="mms.x.a"
    )
    said = [samples.answer(Answer.MET, f"mms.x.a#{number}") for number in range(1, answered + 1)]
    answers = answers_for(SYSTEM, (), said, {}, samples.TODAY)
    return Assessed(SYSTEM, RUN, assess_system(SYSTEM, samples.catalogue(item), {}, [], answers), risks)


def shown(
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
    steps: int = 2,
    answered: int = 2,
    risks: Risks = Risks(),  # noqa: B008
) -> Result:
    def each_of(*_arguments: Any) -> Iterator[Assessed]:
        yield one(steps=steps, answered=answered, risks=risks)

    monkeypatch.setattr(command, "each_of", each_of)
    monkeypatch.setattr(command, "open_workspace", lambda folder: folder)
    return CliRunner().invoke(command.assess, arguments, obj=Path(), standalone_mode=False)


def test_what_is_decided_is_concluded(monkeypatch: pytest.MonkeyPatch) -> None:
    table = shown(monkeypatch, "--template", "2025")
    assert (table.return_value, table.exception) == (ExitCode.CLEAN, None)
    assert "predicted conclusion: compliant" in table.output
    assert "No final conclusion" not in table.output
    document = shown(monkeypatch, "--format", "json", "--date", "2025-03-20")
    (system,) = json.loads(document.output)["systems"]
    assert (document.return_value, system["conclusion"]["final"]) == (ExitCode.CLEAN, "优")


def test_the_lines_of_the_2021_template_are_in_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    table = shown(monkeypatch, "--template", "2021")
    assert "weights: " in table.output
    assert not any("一" <= letter <= "鿿" for letter in table.output)


def test_what_is_open_is_refused_and_named_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = shown(monkeypatch, steps=SHOWN + 3, answered=1)
    assert refused.return_value == ExitCode.OPEN
    assert f"No final conclusion for oa: {SHOWN + 2} steps are open, 0 risks undecided." in refused.output
    assert "mms.x.a#2 " in refused.output
    assert f"mms.x.a#{SHOWN + 1} " in refused.output
    assert f"mms.x.a#{SHOWN + 2} " not in refused.output
    assert "… and 2 more" in refused.output
    for following in ("assess oa --open", "attest export oa", "assess oa --provisional"):
        assert following in refused.output
    assert "predicted conclusion" not in refused.output


def test_an_undecided_risk_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = shown(monkeypatch, risks=Risks((risk(Standing.UNDECIDED),)))
    assert refused.return_value == ExitCode.OPEN
    assert "0 steps are open, 1 risks undecided" in refused.output
    assert "decide on HR-1: secaudit risk list oa --undecided" in refused.output
    assert "attest export" not in refused.output


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_range_is_no_refusal(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    between = shown(monkeypatch, "--provisional", "--format", form, "--template", "2025", answered=1)
    assert (between.return_value, between.exception) == (ExitCode.CLEAN, None)
    assert ("not compliant" if form == "table" else "不符合") in between.output
    assert "No final conclusion" not in between.output


def test_what_is_open_is_listed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = shown(monkeypatch, "--open", "--format", "json", steps=SHOWN + 3, answered=1)
    assert listed.return_value == ExitCode.CLEAN
    assert [row["step"] for row in json.loads(listed.output)] == [f"mms.x.a#{n}" for n in range(2, SHOWN + 4)]


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow"])
def test_a_date_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    assert "--date: a real date" in str(shown(monkeypatch, "--date", day).exception)
