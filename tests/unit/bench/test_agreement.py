"""What OpenSCAP and Lynis print, as answers to a question."""

from pathlib import Path

import pytest

from bench.agreement import __main__ as command
from bench.agreement import answers, questions
from bench.agreement.__main__ import HERE, HOSTS, KEPT, PAGE
from bench.agreement.questions import OTHERS, Question
from bench.agreement.sides import Lynis, oscap_answer, ours, parse_lynis, parse_oscap
from bench.agreement.table import page
from secaudit.model.result import Verdict
from tests.content import inventory
from tests.left_out import reasons

REPORT = """\
warning[]=AUTH-9283|Found accounts without password|-|-|
suggestion[]=SSH-7408|Consider hardening SSH configuration|Compression (set YES to NO)|-|
details[]=KRNL-6000|sysctl|desc:Address space;field:kernel.randomize_va_space;prefval:2;value:2;|
details[]=KRNL-6000|sysctl|desc:Pointers;field:kernel.kptr_restrict;prefval:2;value:0;|
details[]=KRNL-6000|sysctl|desc:Core dumps;field:fs.suid_dumpable;prefval:0|1;value:1;|
tests_executed=AUTH-9283|SSH-7408|KRNL-6000|AUTH-9204|
"""
RESULTS = b"""<TestResult xmlns="http://checklists.nist.gov/xccdf/1.2">
<rule-result idref="xccdf_org.ssgproject.content_rule_a"><result>pass</result></rule-result>
<rule-result idref="xccdf_org.ssgproject.content_rule_b"><result>fail</result></rule-result>
<rule-result idref="xccdf_org.ssgproject.content_rule_c"><result>notapplicable</result></rule-result>
</TestResult>"""


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (["AUTH-9283"], False),
        (["AUTH-9204"], True),
        (["AUTH-9204", "AUTH-9283"], False),
        (["SSH-7408:Compression"], False),
        (["SSH-7408:PermitRootLogin"], True),
        (["KRNL-6000:field:kernel.randomize_va_space;"], True),
        (["KRNL-6000:field:kernel.kptr_restrict;"], False),
        (["KRNL-6000:field:fs.suid_dumpable;"], True),
        (["FIRE-4512"], None),
        ([], None),
    ],
)
def test_a_remark_of_lynis_is_an_answer_where_its_test_ran(asked: list[str], answer: bool | None) -> None:
    assert parse_lynis(REPORT).answer(asked) is answer


def test_a_report_of_lynis_that_broke_off_answers_nothing() -> None:
    assert parse_lynis("") == Lynis(frozenset(), {})


@pytest.mark.parametrize(
    ("rules", "answer"),
    [(["a"], True), (["a", "b"], False), (["a", "c"], None), (["b", "c"], False), (["d"], None), ([], None)],
)
def test_one_failed_rule_fails_a_question(rules: list[str], answer: bool | None) -> None:
    assert oscap_answer(parse_oscap(RESULTS), rules) is answer


def test_what_a_person_must_say_is_no_answer_of_ours() -> None:
    assert [ours(verdict) for verdict in (Verdict.PASS, Verdict.PARTIAL, Verdict.MANUAL)] == [
        True,
        False,
        None,
    ]


ASKED = questions.read()
SAID = answers.read(KEPT)


def test_questions_name_checks_rules_and_tests_that_there_are() -> None:
    checks = {check for host in SAID.values() for check in host.verdicts}
    rules = {rule for host in SAID.values() for rule in host.oscap}
    tests = {test for host in SAID.values() for test in (*host.lynis.ran, *host.lynis.remarks)}
    assert {question.check for question in ASKED} <= checks & inventory.shipped().checks.keys()
    assert questions.rules_of(ASKED) <= rules
    assert questions.tests_of(ASKED) <= tests


def test_every_check_of_a_linux_host_is_asked_of_several_sides_or_there_is_a_reason() -> None:
    """A new check gets a question in mapping.yaml, or its place in tests/left_out/not_compared.yaml."""
    asked = {question.check for question in ASKED}
    assert reasons.read("not_compared").undecided(inventory.of_linux(), asked) == {}


@pytest.mark.parametrize("question", ASKED, ids=lambda question: question.asks)
def test_every_difference_has_a_reason_and_every_reason_a_difference(question: Question) -> None:
    differ = {
        (side, host.name) for side in OTHERS for host in SAID.values() if question.agrees(side, host) is False
    }
    assert {one for one in differ if not question.reason(*one)} == set()
    wanted = {(side, host) if (side, host) in question.reasons else (side, "all") for side, host in differ}
    assert question.reasons.keys() == wanted


def test_the_page_is_made_of_what_was_said() -> None:
    shown = (HERE / "RESULTS.md").read_text().splitlines()
    assert (
        list(page(ASKED, [SAID[name] for name in HOSTS], reasons.read("not_compared").reasons, shown[2]))
        == shown
    )


def _in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command beside copies of what the tree keeps, on a machine that has asked nothing."""
    for name, file in (("KEPT", KEPT), ("PAGE", PAGE)):
        (folder / file.name).write_bytes(file.read_bytes())
        monkeypatch.setattr(command, name, folder / file.name)
    monkeypatch.setattr(command, "WHOLE", folder / "absent.json")
    monkeypatch.setattr(command, "MADE", folder / "absent")


def test_without_answers_of_its_own_the_table_is_made_of_those_of_the_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _in(tmp_path, monkeypatch)
    assert command.main(["table"]) == 0
    assert "of the tree" in capsys.readouterr().err
    assert sorted(file.name for file in tmp_path.iterdir()) == [PAGE.name, KEPT.name]
    assert (tmp_path / KEPT.name).read_bytes() == KEPT.read_bytes()
    assert (tmp_path / PAGE.name).read_bytes() == PAGE.read_bytes()


def test_a_table_that_cannot_be_made_leaves_the_tree_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in(tmp_path, monkeypatch)
    (tmp_path / KEPT.name).write_text("{}")
    assert command.main(["table"]) == 2
    assert (tmp_path / KEPT.name).read_text() == "{}"
    assert (tmp_path / PAGE.name).read_bytes() == PAGE.read_bytes()
