"""A check file: what it becomes, and every mistake with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.content.catalogue import load_catalogues
from secaudit.content.check_file import read_check
from secaudit.content.check_rules import broken_rules, world_of
from secaudit.content.check_typing import ill_typed
from secaudit.content.example_rules import misfits
from secaudit.content.folder import content_dir
from secaudit.content.load import STANDARD_FOLDER
from secaudit.document.reader import Document, parse_document
from secaudit.errors import ContentError, Problem
from secaudit.judge import run_examples
from secaudit.model.content import HighRisk, Parameter, Severity
from secaudit.model.text import Text
from tests.unit.content.samples import CHECK, ID, PATH, SCHEMAS, Folder, changed

EACH = """\
title: {zh: 备份, en: Backup}
advisory: true
severity: low
applies_to: linux
needs: [backups]
each: backups
pass_when: each.age_h <= 24
offenders: '[{"id": each.object, "seen": each.age_h, "expected": 24}]'
remedy: {zh: 备份, en: Back it up}
examples:
  - {name: fresh, given: {backups: [{object: d, age_h: 3}]}, expect: PASS}
  - {name: old, given: {backups: [{object: d, age_h: 30}]}, object: d, expect: FAIL}
  - {name: nothing declared, given: {backups: []}, expect: MANUAL}
  - {name: no rows, given: {backups: []}, object: d, expect: UNKNOWN}
"""


def test_a_check_becomes_what_its_file_says(folder: Folder) -> None:
    folder.write(CHECK)
    check = folder.load().checks[ID]
    assert (check.id, check.title) == (ID, Text("口令最长使用期限", "Maximum password age"))
    assert (check.proves, check.levels, check.advisory) == (("ces.authentication.a#4",), (2, 3, 4), False)
    assert check.severity is Severity.MEDIUM
    assert check.parameters == {"max_days": Parameter(90, "lower", "local policy")}
    assert check.offenders.startswith("accounts.filter(a, a.max_days > params.max_days) .map(")
    assert [example.expect for example in check.examples] == ["PASS", "FAIL", "NOT_APPLICABLE", "UNKNOWN"]
    assert check.examples[1].offenders == ("a",)
    assert check.file == f"checks/{PATH}"


def test_the_hash_of_a_check_knows_meaning_not_layout(folder: Folder) -> None:
    folder.write(CHECK)
    first = folder.load()
    folder.write("# a comment\n" + CHECK)
    second = folder.load()
    folder.write(changed("default: 90", "default: 60"))
    third = folder.load()
    hashes = [content.checks[ID].content_hash for content in (first, second, third)]
    assert hashes[0] == hashes[1] != hashes[2]
    assert len({content.content_hash for content in (first, second, third)}) == 3


def test_high_risk_conditions_are_typed(folder: Folder) -> None:
    risk = "high_risk: [{id: HR-15, case: {zh: 空口令, en: Empty password}}]\n"
    folder.write(CHECK + risk)
    assert folder.load().checks[ID].high_risk == (HighRisk("HR-15", Text("空口令", "Empty password")),)


def test_a_check_for_each_object(folder: Folder) -> None:
    assert folder.complaints(EACH, "linux/backup/fresh.yaml") == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("en: Maximum password age", "de: Höchstalter", "1 title.en: is required"),
        ("zh: 口令最长使用期限", "zh: ''", "1 title.zh: String should have at least 1 character"),
        ("severity: medium", "severity: dreadful", "4 severity: one of 'low', 'medium' or 'high' expected"),
        ("severity: medium", "severty: medium", "4 severty: unknown field"),
        ("levels: [2, 3, 4]", "levels: [2, 3, 5]", "3 levels[2]: one of 1, 2, 3 or 4 expected"),
        ("levels: [2, 3, 4]", "levels: []", "3 levels: at least one level expected"),
        ("pass_when: accounts", "pass_whn: accounts", "1 pass_when: is required"),
        ("needs: [accounts]", "needs: []", "6 needs: List should have at least 1 item"),
        ("applies_to: linux", "applies_to: windows", "5 applies_to: linux expected, as the folder says"),
        (
            "proves: [ces.authentication.a#4]",
            "advisory: false",
            "1 : a check proves steps, or says advisory: true",
        ),
        (
            "severity: medium",
            "severity: medium\nadvisory: true",
            "5 advisory: a check proves steps or is advisory",
        ),
        ("ces.authentication.a#4]", "ces.authentication.a#9]", "2 proves[0]: no level has this step"),
        ("ces.authentication.a#4]", "ces.audit.b#1]\nveto: true", None),
        (
            "ces.authentication.a#4]",
            "ces.access-control.f#1]",
            "2 proves[0]: not a step at level 2: say levels: [3, 4]",
        ),
        ("ces.authentication.a#4]", "ces.malware.a#2]", "2 proves[0]: the number means another step"),
        ("needs: [accounts]", "needs: [acounts]", "6 needs[0]: no such fact"),
        ("needs: [accounts]", "needs: [accounts, accounts]", "6 needs[1]: each fact once"),
        ("needs: [accounts]", "needs: [accounts, shells]", "6 needs[1]: no expression names this fact"),
        (
            "needs: [accounts]",
            "needs: [accounts]\neach: shells",
            "7 each: a fact that the check needs expected",
        ),
        (
            "needs: [accounts]",
            "needs: [accounts]\neach: accounts",
            "7 each: a list of rows with a field object",
        ),
        (
            "max_days: {default: 90",
            "Max: {default: 90",
            "8 parameters.Max: small letters, digits and _ expected",
        ),
        ("default: 90", "default: null", "8 parameters.max_days.default: a number, a text, true, false"),
        ("default: 90", "default: [1, a]", "8 parameters.max_days.default: a number, a text, true, false"),
        ("tighten: lower", "tighten: sideways", "8 parameters.max_days.tighten: one of 'lower', 'higher'"),
        (
            "tighten: lower",
            "tighten: subset",
            "8 parameters.max_days.tighten: this value cannot become stricter",
        ),
        ("source: local policy", "source: ''", "8 parameters.max_days.source: String should have at least 1"),
        ("a.can_log_in)\n", "a.can_login)\n", "9 applies_when: Account has no field can_login"),
        ("<= params.max_days", "<= params.days", "10 pass_when: params has no field days; there is max_days"),
        (
            "pass_when: accounts.all(a, a.max_days <= params.max_days)",
            "pass_when: size(accounts)",
            "10 pass_when: bool expected, this is int",
        ),
        ("pass_when: accounts.all(a, ", "pass_when: agein.all(a, ", "10 pass_when: no such name here"),
        (".map(a, {", ".filter(a, true); .map(a, {", "11 offenders: not a CEL expression"),
        ('"expected": params.max_days}', '"wanted": params.max_days}', "11 offenders: a map has the keys"),
        ("remedy: {zh: 设置, en: Set it}", "remedy: Set it", "14 remedy: keys with values expected"),
        ("name: ninety", "name: never", "18 examples[1].name: each name once"),
        ("expect: PASS", "expect: NOT_APPLICABLE", "16 examples: an example that leads to PASS is missing"),
        ("expect: FAIL", "expect: PASS", "16 examples: an example that leads to FAIL is missing"),
        (
            "{gap: no_permission}}, expect: UNKNOWN",
            "[]}, expect: NOT_APPLICABLE",
            "16 examples: an example that leads to UNKNOWN is missing",
        ),
        (
            "expect: NOT_APPLICABLE",
            "expect: PASS",
            "16 examples: an example that leads to NOT_APPLICABLE is missing",
        ),
        ("expect: PASS", "expect: OK", "17 examples[0].expect: one of 'PASS', 'PARTIAL'"),
        (
            "references:",
            "partial_when: accounts.size() > 5\nreferences:",
            "17 examples: an example that leads to PARTIAL",
        ),
        (
            "references:",
            "manual_when: accounts.size() > 5\nreferences:",
            "17 examples: an example that leads to MANUAL",
        ),
        (
            "references:",
            "high_risk: [{id: HR-99, case: {zh: 无, en: none}}]\nreferences:",
            "15 high_risk[0].id: a high-risk",
        ),
        ("gap: no_permission", "gap: nothing", "20 examples[3].given.accounts.gap: one of unreachable"),
        ("max_days: 90,", "max_day: 90,", "17 examples[0].given.accounts[0].max_day: Account has no field"),
        ("max_days: 90,", "max_days: ninety,", "17 examples[0].given.accounts[0].max_days: int expected"),
        ("max_days: 90,", "max_days: null,", "17 examples[0].given.accounts[0].max_days: int expected"),
        ("max_days: 90,", "max_days: true,", "17 examples[0].given.accounts[0].max_days: int expected"),
        (
            "accounts: [{name: a, max_days: 90, can_log_in: true}]",
            "accounts: {name: a}",
            "17 examples[0].given.accounts: a list",
        ),
        (
            "accounts: [{name: a, max_days: 90, can_log_in: true}]",
            "accounts: [a]",
            "17 examples[0].given.accounts[0]: a map",
        ),
        ("given: {accounts: []}", "given: {}", "19 examples[2].given: these facts are not given: accounts"),
        (
            "given: {accounts: []}",
            "given: {accounts: [], shells: []}",
            "19 examples[2].given.shells: the check does not need",
        ),
        (
            "given: {accounts: []}",
            "given: {accounts: [], system: {levl: 2}}",
            "19 examples[2].given.system.levl: system has no",
        ),
        (
            "given: {accounts: []}",
            "given: {accounts: [], now: today}",
            "19 examples[2].given.now: int expected",
        ),
        (
            "expect: NOT_APPLICABLE",
            "expect: NOT_APPLICABLE, parameters: {days: 3}",
            "19 examples[2].parameters.days: no such",
        ),
        (
            "expect: NOT_APPLICABLE",
            "expect: NOT_APPLICABLE, parameters: {max_days: x}",
            "19 examples[2].parameters.max_days: int",
        ),
        ("title:", "title: {zh: 二, en: two}\ntitle:", "2 title: each key once"),
    ],
)
def test_mistakes_are_named_with_their_line(
    folder: Folder, old: str, new: str, complaint: str | None
) -> None:
    found = folder.complaints(changed(old, new))
    if complaint is None:
        assert found == []
    else:
        assert any(line.startswith(complaint) for line in found), found


def test_veto_without_a_step(folder: Folder) -> None:
    found = folder.complaints(changed("proves: [ces.authentication.a#4]", "advisory: true\nveto: true"))
    assert "3 veto: only a check that proves steps can veto" in found


def test_one_number_may_not_mean_two_steps(folder: Folder) -> None:
    text = changed("ces.authentication.a#4", "ces.malware.a#2").replace("[2, 3, 4]", "[3, 4]")
    assert folder.complaints(text) == [
        "2 proves[0]: the number means another step at another level: one check for each, with its own levels"
    ]
    assert folder.complaints(text.replace("[3, 4]", "[3]")) == []


def test_an_idle_parameter_and_a_missing_parameter_block(folder: Folder) -> None:
    idle = CHECK.replace("params.max_days", "90")
    assert folder.complaints(idle) == ["7 parameters: no expression names a parameter"]
    bare = CHECK.replace("parameters:\n  max_days: {default: 90, tighten: lower, source: local policy}\n", "")
    assert [line.split(";")[0] for line in folder.complaints(bare)] == [
        "8 pass_when: no such name here",
        "9 offenders: no such name here",
    ]


def test_verdicts_that_cannot_occur_need_no_example(folder: Folder) -> None:
    asked = CHECK.replace("pass_when:", "manual_when: 'true'\npass_when:")
    asked = asked.replace("expect: PASS", "expect: MANUAL").replace("expect: FAIL", "expect: MANUAL")
    assert folder.complaints(asked.replace(", offenders: [a]", "")) == []
    part = CHECK.replace(
        "pass_when: accounts.all(a, a.max_days <= params.max_days)",
        "pass_when: 'false'\npartial_when: 'true'",
    )
    part = part.replace("expect: PASS", "expect: PARTIAL").replace("expect: FAIL", "expect: PARTIAL")
    assert folder.complaints(part) == []


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("password.yaml", "a path like checks/linux/topic/name.yaml expected"),
        ("linux/Identity/age.yaml", "a path like checks/linux/topic/name.yaml expected"),
        ("linux/identity/age.yml", "the ending .yaml expected"),
    ],
)
def test_files_that_would_be_lost_are_named(folder: Folder, path: str, complaint: str) -> None:
    assert any(complaint in line for line in folder.complaints(CHECK, path))


def test_expressions_of_the_shipped_folder_are_typed_only_when_asked(folder: Folder) -> None:
    folder.write(changed("a.can_log_in)\n", "a.can_login)\n"))
    assert ID in folder.load(type_all=False).checks
    with pytest.raises(ContentError, match="can_login"):
        folder.load()


def test_a_condition_that_makes_a_list_of_a_fact_is_refused(folder: Folder) -> None:
    found = folder.complaints(
        changed("accounts.exists(a, a.can_log_in)", "accounts.filter(a, a.can_log_in).size() > 0")
    )
    assert found == ["9 applies_when: a condition makes no list of a fact: use all, exists or exists_one"]


def test_an_overlong_expression_is_refused_whatever_the_mode(folder: Folder) -> None:
    folder.write(changed("accounts.all(a, a.max_days <= params.max_days)", "'" + "(" * 2500 + "'"))
    with pytest.raises(ContentError, match="2000 characters"):
        folder.load(type_all=False)


CATALOGUES = load_catalogues(content_dir("profiles") / STANDARD_FOLDER)
WORLD = world_of(SCHEMAS, frozenset({"HR-15"}), CATALOGUES)
WORDS = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "'",
        "a",
        "null",
        "90",
        "-",
        "\n",
        "  ",
        "accounts",
        "params",
        "each",
        "gap",
        "PASS",
        "true",
    ]
)


@given(st.integers(0, len(CHECK)), st.integers(0, 30), st.lists(WORDS, max_size=6).map("".join))
def test_any_damage_gives_a_check_or_named_mistakes(at: int, length: int, instead: str) -> None:
    text = CHECK[:at] + instead + CHECK[at + length :]
    try:
        problems = problems_of(parse_document(text, "damaged.yaml"))
    except ContentError as error:
        problems = list(error.problems)
    assert {problem.file for problem in problems} <= {"damaged.yaml"}


def problems_of(document: Document) -> list[Problem]:
    """Every mistake of a readable check; one without a mistake is judged."""
    check = read_check(document, ID, PATH)
    problems = [*broken_rules(check, document, WORLD), *misfits(check, document, WORLD)]
    problems += ill_typed(check, document, WORLD)
    if not problems:
        assert len(run_examples(check)) == len(check.examples)
    return problems
