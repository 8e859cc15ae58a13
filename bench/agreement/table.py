"""The page: how often the sides agree, every answer on every host, and who is right where they differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bench.agreement.answers import LYNIS, OSCAP, SECAUDIT, SIDES, Host
from bench.agreement.questions import OTHERS, Question

TOLD = {SECAUDIT: "secaudit", OSCAP: "OpenSCAP", LYNIS: "Lynis"}
MARKS = {True: "pass", False: "fail", None: "-"}


def page(
    questions: Sequence[Question], hosts: Sequence[Host], alone: Mapping[str, Iterable[str]], made_with: str
) -> Iterator[str]:
    """Lines of Markdown."""
    yield from ("# Agreement with OpenSCAP and Lynis", "", made_with, "")
    yield from _hosts(hosts)
    yield from _counts(questions, hosts)
    yield from _answers(questions, hosts)
    yield from _differences(questions, hosts)
    yield from _alone(alone)


def _hosts(hosts: Sequence[Host]) -> Iterator[str]:
    yield from ("| host | release | what was planted |", "|---|---|---|")
    yield from (f"| {host.name} | {host.release} | {host.faults} |" for host in hosts)
    yield ""


def _counts(questions: Sequence[Question], hosts: Sequence[Host]) -> Iterator[str]:
    yield from ("| with | both decide | agree | differ |", "|---|---|---|---|")
    for side in OTHERS:
        said = [question.agrees(side, host) for question in questions for host in hosts]
        agree, differ = said.count(True), said.count(False)
        yield f"| {TOLD[side]} | {agree + differ} | {agree} | {differ} |"
    yield ""


def _answers(questions: Sequence[Question], hosts: Sequence[Host]) -> Iterator[str]:
    """Of each host the three sides in turn."""
    yield from (
        "## Answers",
        "",
        "secaudit / OpenSCAP / Lynis; `-` where a side does not decide: no rule, not applicable, a person must say.",
        "",
    )
    yield f"| question | check | {' | '.join(host.name for host in hosts)} |"
    yield "|---" * (len(hosts) + 2) + "|"
    for question in questions:
        cells = [" / ".join(MARKS[question.answer(side, host)] for side in SIDES) for host in hosts]
        yield f"| {question.asks} | `{question.check}` | {' | '.join(cells)} |"
    yield ""


def _differences(questions: Sequence[Question], hosts: Sequence[Host]) -> Iterator[str]:
    yield from ("## Who is right", "", "| question | side | hosts | reason |", "|---|---|---|---|")
    for question in questions:
        for side in OTHERS:
            for reason, names in _reasons(question, side, hosts).items():
                yield f"| {question.asks} | {TOLD[side]} | {' '.join(names)} | {reason or '**not looked into**'} |"


def _reasons(question: Question, side: str, hosts: Sequence[Host]) -> dict[str, list[str]]:
    """Reason → hosts that it is for."""
    found: dict[str, list[str]] = {}
    for host in hosts:
        if question.agrees(side, host) is False:
            found.setdefault(question.reason(side, host.name), []).append(host.name)
    return found


def _alone(alone: Mapping[str, Iterable[str]]) -> Iterator[str]:
    yield from ("", "## What no other side decides", "", "| why | checks |", "|---|---|")
    yield from (f"| {why} | {', '.join(f'`{check}`' for check in checks)} |" for why, checks in alone.items())
