"""The shipped content: examples lead to their verdicts, checks and steps are joined both ways, no id is lost."""

import pytest

from secaudit.content import Content
from secaudit.content.catalogue import LEVELS
from secaudit.content.coverage import coverage
from secaudit.content.folder import content_dir
from secaudit.facts.catalogue import BUILT_IN
from secaudit.judge import Judge, run_examples
from secaudit.model.content import SeenBy
from secaudit.model.text import Language
from tests.content import coverage_page, high_risks, inventory

ROOT = content_dir("checks")
IDS = sorted(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.rglob("*.yaml"))
REFRESH = "look at the difference, then run: python -m tests.content.inventory"


@pytest.fixture(scope="module")
def content() -> Content:
    """Loading it holds every check against every rule: steps, facts, types, examples, languages."""
    return inventory.shipped()


def test_every_file_is_a_check(content: Content) -> None:
    assert sorted(content.checks) == IDS
    assert len(IDS) >= 25


@pytest.mark.parametrize("check_id", IDS)
def test_examples_lead_to_their_verdicts(content: Content, check_id: str) -> None:
    outcomes = run_examples(content.checks[check_id])
    assert {o.example.name: o.fault for o in outcomes if o.fault} == {}


@pytest.mark.parametrize("check_id", IDS)
def test_a_failing_check_can_say_what_fails(content: Content, check_id: str) -> None:
    check = content.checks[check_id]
    fails = [o for o in run_examples(check) if o.result.verdict in ("FAIL", "PARTIAL")]
    assert not fails or any(outcome.result.offenders for outcome in fails)


def test_every_check_names_its_sources_and_a_kind_its_facts_are_known_for(content: Content) -> None:
    for check in content.checks.values():
        assert check.references, check.id
        for name in check.needs:
            assert check.applies_to in BUILT_IN[name].kinds, f"{check.id}: {name}"


def test_a_check_proves_only_steps_that_a_machine_can_see_on_that_kind(content: Content) -> None:
    for check in content.checks.values():
        for level in check.levels:
            steps = {row.step.id: row.step for row in coverage(content.catalogues[level], ())}
            for step_id in check.proves:
                assert steps[step_id].seen_by is not SeenBy.PERSON, f"{check.id}: {step_id}"
                assert check.applies_to in steps[step_id].kinds, f"{check.id}: {step_id}"


def test_high_risk_candidates_belong_to_the_items_that_are_proved_or_named(content: Content) -> None:
    for check in content.checks.values():
        items = high_risks.items_of(content, check)
        for risk in check.high_risk:
            about = set(
                content.high_risks[risk.id].keys
            )  # none where a condition only stands in the older guide
            assert not about or about & items, f"{check.id}: {risk.id}"


def test_every_high_risk_condition_is_shown_by_a_check_or_left_to_people_for_a_reason(
    content: Content,
) -> None:
    shown = set(high_risks.bound(content, inventory.KIND))
    left = set(high_risks.left_to_people(inventory.KIND))
    assert shown & left == set()
    assert shown | left == set(content.high_risks)


def test_machine_steps_without_a_check_are_the_reviewed_ones(content: Content) -> None:
    assert inventory.open_machine_steps(content) == inventory.lines_of(inventory.OPEN_STEPS), REFRESH


@pytest.mark.parametrize("level", LEVELS)
def test_what_no_check_decides_is_left_to_people_for_a_reason(content: Content, level: int) -> None:
    rows = list(coverage(content.catalogues[level], content.checks.values(), inventory.KIND))
    in_part = {row.step.id for row in rows if row.step.seen_by is SeenBy.PART}
    assert {row.step.id for row in rows if row.left} == in_part
    assert {row.step.id for row in rows if row.state == "no_check"} == {
        line.split()[1] for line in inventory.open_machine_steps(content) if line.startswith(f"{level} ")
    }


@pytest.mark.parametrize("language", coverage_page.FILES)
def test_the_page_of_who_decides_is_up_to_date(content: Content, language: Language) -> None:
    assert coverage_page.page(content, language) == coverage_page.FILES[language].read_text(
        encoding="utf-8"
    ), REFRESH


@pytest.mark.parametrize("language", coverage_page.READMES)
def test_readme_shows_the_coverage(content: Content, language: Language) -> None:
    shown = coverage_page.READMES[language].read_text(encoding="utf-8")
    assert "\n".join(coverage_page.count_lines(content, language)) in shown, REFRESH


@pytest.mark.parametrize("level", LEVELS)
def test_the_check_list_of_a_level_changes_only_announced(content: Content, level: int) -> None:
    assert inventory.checks_of(content, level) == inventory.lines_of(inventory.snapshot(level)), REFRESH


def test_no_retired_id_is_used_again(content: Content) -> None:
    assert not set(inventory.lines_of(inventory.RETIRED)) & set(content.checks)


def test_everything_compiles_for_the_judge(content: Content) -> None:
    Judge(content.checks)


def test_from_level_3_on_passwords_have_three_classes(content: Content) -> None:
    asked = {
        profile.level: profile.parameters.get("linux.identity.password_complexity", {}).get("min_classes")
        for profile in content.profiles.values()
    }
    assert asked == {1: None, 2: None, 3: 3, 4: 3}
    assert list(content.profiles) == ["level-1", "level-2", "level-3", "level-4"]
