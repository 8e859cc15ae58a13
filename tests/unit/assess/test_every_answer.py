"""A complete assessment of level 3: every single answer is needed for its conclusion."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from secaudit.assess import assess, catalogue_for
from secaudit.assess.answers import answers_for
from secaudit.assess.figures import Template, figures_of
from secaudit.assess.objects import objects_of
from secaudit.assess.risks import RiskTables, risks_of
from secaudit.content import Content, content_folders, load_content
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import Catalogue
from secaudit.plugins import load_plugins
from secaudit.report.assessment import Shown, document_of
from tests.unit.assess import samples

SYSTEM = samples.system(
    samples.asset("web", transport="none"),
    samples.asset("portal", kind="application", transport="none"),
    data_sets=(samples.data_set(on="web"),),
)


@pytest.fixture(scope="module")
def content() -> Content:
    plugins = load_plugins()
    return load_content(content_folders(), {name: fact.schema for name, fact in plugins.facts.items()})


def all_answers(catalogue: Catalogue) -> Iterator[Attestation]:
    """Every step is met on every object, as a person says."""
    last = samples.TODAY + timedelta(days=365)
    for requirement in catalogue.requirements:
        for found in objects_of(requirement, SYSTEM):
            for step in requirement.steps:
                yield Attestation(step.id, Answer.MET, "某人", samples.TODAY, last, "", found.id, SYSTEM.id)


def assessed(content: Content, catalogue: Catalogue, said: list[Attestation]) -> dict[str, Any]:
    """The system as ``assess --format json`` shows it."""
    answers = answers_for(SYSTEM, (), said, {}, samples.TODAY)
    found = assess(SYSTEM, catalogue, content.checks, [], answers)
    tables = RiskTables(content.checks, content.high_risks, content.hazards)
    risks = risks_of(SYSTEM, found, tables, [], samples.TODAY)
    shown = Shown(SYSTEM, "run", found, risks, figures_of(found.items, risks, Template.OF_2025))
    document = document_of([shown], samples.TODAY, Template.OF_2025, provisional=False)
    system: dict[str, Any] = document["systems"][0]
    return system


def test_deleting_any_answer_refuses_the_conclusion_and_names_the_step(content: Content) -> None:
    catalogue = catalogue_for(content.catalogues, SYSTEM.grade)
    said = list(all_answers(catalogue))
    assert len(said) > 400
    assert assessed(content, catalogue, said)["conclusion"]["final"] == "符合"
    for place, deleted in enumerate(said):
        found = assessed(content, catalogue, said[:place] + said[place + 1 :])
        assert found["conclusion"]["final"] == ""
        (named,) = found["open_steps"]
        assert (named["step"], named["objects"]) == (deleted.step_id, [deleted.object_id])
