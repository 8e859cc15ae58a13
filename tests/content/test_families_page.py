"""docs/families.md says what the tests show, no more and no less."""

import pytest

from secaudit.facts.catalogue import BUILT_IN
from secaudit.model.text import Language
from tests.content import families_page
from tests.content.families_proofs import COLUMNS, KINDS, SYSTEMS, TOPICS, held
from tests.unit.facts.families import EXPECTED


@pytest.mark.parametrize("language", families_page.FILES)
def test_the_page_is_up_to_date(language: Language) -> None:
    found = families_page.FILES[language].read_text(encoding="utf-8")
    assert families_page.page(language) == found, "run: python -m tests.content.inventory"


def test_every_proof_is_there() -> None:
    proofs = [proof for topic in TOPICS for proof in topic.proofs]
    assert [proof for proof in proofs if not held(proof)] == []
    assert {proof.column for proof in proofs} <= set(COLUMNS)
    assert {proof.kind for proof in proofs} <= set(KINDS)


def test_every_host_in_documented_format_has_its_column() -> None:
    assert sorted(SYSTEMS) == sorted(EXPECTED)
    assert {column for column, _ in SYSTEMS.values()} <= set(COLUMNS)


def test_every_fact_of_a_documented_host_has_its_row() -> None:
    tried = {fact for facts in EXPECTED.values() for fact in facts}
    told = {fact for topic in TOPICS for fact in topic.facts}
    assert tried <= told <= set(BUILT_IN)
