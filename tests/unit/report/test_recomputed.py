"""Every figure of ``assess --format json`` follows from its own rows, recomputed here by other code."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

import pytest

from secaudit.assess import assess, catalogue_for
from secaudit.assess.answers import answers_for
from secaudit.assess.figures import Template, figures_of
from secaudit.assess.objects import objects_of
from secaudit.assess.risks import RiskTables, risks_of
from secaudit.assess.score import ObjectRule
from secaudit.content import Content
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import Catalogue
from secaudit.report.assessment import Shown, document_of
from tests.unit.assess import samples
from tests.unit.assess.test_every_answer import SYSTEM, content

__all__ = ["content"]  # the fixture
VALUE: Final = {"符合": Fraction(1), "部分符合": Fraction(1, 2), "不符合": Fraction(0)}
TECHNICAL: Final = ("PES", "CNS", "ABS", "CES", "SMC")
SIDES: Final = (("worst", 0), ("best", 1))


def answers(catalogue: Catalogue, chance: random.Random, open_share: float) -> Iterator[Attestation]:
    """Answers drawn for most steps; some are left open."""
    last = samples.TODAY + timedelta(days=365)
    for requirement in catalogue.requirements:
        for found in objects_of(requirement, SYSTEM):
            for step in requirement.steps:
                if chance.random() >= open_share:
                    (said,) = chance.choices(list(Answer), (8, 2, 1, 1))
                    yield Attestation(step.id, said, "某人", samples.TODAY, last, "理由", found.id, SYSTEM.id)


def shown(
    content: Content, seed: int, template: Template, rule: ObjectRule, open_share: float
) -> dict[str, Any]:
    catalogue = catalogue_for(content.catalogues, SYSTEM.grade)
    said = list(answers(catalogue, random.Random(seed), open_share))
    found = assess(SYSTEM, catalogue, content.checks, [], answers_for(SYSTEM, (), said, {}, samples.TODAY))
    tables = RiskTables(content.checks, content.high_risks, content.hazards)
    risks = risks_of(SYSTEM, found, tables, [], samples.TODAY)
    figures = figures_of(found.items, risks, template, rule=rule)
    document = document_of(
        [Shown(SYSTEM, "run", found, risks, figures)], samples.TODAY, template, provisional=True
    )
    (system,) = json.loads(json.dumps(document))["systems"]
    return dict(system)


def reached(item: dict[str, Any], side: str, rule: ObjectRule) -> Fraction:
    """xk of an item, from how many objects stand where."""
    values = [
        VALUE[word] for word, count in item["objects"][side].items() if word in VALUE for _ in range(count)
    ]
    if rule is ObjectRule.TRI:
        return values[0] if set(values) in ({Fraction(1)}, {Fraction(0)}) else Fraction(1, 2)
    return sum(values, Fraction(0)) / len(values)


def applicable(system: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in system["items"] if item["conclusion"] != "不适用"]


CASES: Final = [(seed, rule, share) for seed in (1, 2) for rule in ObjectRule for share in (0.0, 0.1)]


@pytest.mark.parametrize(("seed", "rule", "open_share"), CASES)
def test_the_score(content: Content, seed: int, rule: ObjectRule, open_share: float) -> None:
    system = shown(content, seed, Template.OF_2021, rule, open_share)
    items = applicable(system)
    assert system["applicable_items"] == len(items)
    for side, end in SIDES:
        halves = [Fraction(50), Fraction(50)]
        for item in items:
            lost = item["weight"] * (1 - reached(item, side, rule)) * Fraction(100, len(items))
            halves[item["domain"] not in TECHNICAL] -= lost
        technical, management = (max(half, Fraction(0)) for half in halves)
        score = system["score"]
        assert Fraction(score["technical"]["exact"][end]) == technical
        assert Fraction(score["management"]["exact"][end]) == management
        assert Fraction(score["total"]["exact"][end]) == technical + management
        assert system["conclusion"][side] == grade_2021(system, technical + management, side)


def grade_2021(system: dict[str, Any], score: Fraction, side: str) -> str:
    high, medium = (len(risks(system, name, side)) for name in ("high_risks", "medium_risks"))
    if high or score < 70:
        return "差"
    if score >= 90 and not medium:
        return "优"
    return "良" if score >= 80 else "中"


def risks(system: dict[str, Any], name: str, side: str) -> list[str]:
    return [*system[name]["sure"], *(system[name]["may"] if side == "worst" else [])]


@pytest.mark.parametrize(("seed", "rule", "open_share"), CASES)
def test_the_rates(content: Content, seed: int, rule: ObjectRule, open_share: float) -> None:
    system = shown(content, seed, Template.OF_2025, rule, open_share)
    items = applicable(system)
    for side, end in SIDES:
        strict = Fraction(100 * sum(item[side] == "符合" for item in items), len(items))
        weighted = 100 * sum((reached(item, side, rule) for item in items), Fraction(0)) / len(items)
        assert Fraction(system["rate"]["strict"]["exact"][end]) == strict
        assert Fraction(system["rate"]["weighted"]["exact"][end]) == weighted
        compliant = "符合" if strict > 90 and not risks(system, "hazards", side) else "基本符合"
        assert system["conclusion"][side] == ("不符合" if strict < 60 else compliant)


@pytest.mark.parametrize("open_share", [0.0, 0.1])
def test_counts_add_up(content: Content, open_share: float) -> None:
    system = shown(content, 3, Template.OF_2025, ObjectRule.MEAN, open_share)
    for rows in (system["domains"], system["classes"]):
        assert sum(row["items"] for row in rows) == len(system["items"]) == 211
        assert all(sum(row["conclusions"].values()) == row["items"] for row in rows)
    coverage, told = system["coverage"], sum(len(row["objects"]) for row in system["open_steps"])
    assert told == coverage["open"] == system["conclusion"]["refused_for"]["open_steps"]
    assert coverage["steps"] == sum(row["steps"]["all"] for row in system["domains"])
    assert (told == 0) == (open_share == 0.0)
    assert bool(system["conclusion"]["final"]) == (
        not told and not any(r["undecided"] for r in system["risks"])
    )
