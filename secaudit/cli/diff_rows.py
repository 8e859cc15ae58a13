"""Differences for programs: a JSON document (``reports/diff/diff.schema.json``), and CSV with a line each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from secaudit.audit.comparing import Comparison
from secaudit.audit.sides import Side
from secaudit.cli.diff_words import reason_text
from secaudit.cli.show import Column, print_parts, show_rows
from secaudit.cli.words import spoken
from secaudit.language import in_use
from secaudit.model.content import Check
from secaudit.model.difference import Difference, Kind
from secaudit.model.result import Result
from secaudit.register.times import shown

FORMAT: Final = 1
KEYS: Final = (
    *("kind", "cause", "system", "asset", "object", "check", "title", "severity", "offender"),
    *("seen", "expected", "before", "after", "reason", "detail", "verdicts"),
)

Checks = Mapping[str, Check]
Only = frozenset[Kind] | None


def print_json(compared: Sequence[Comparison], checks: Checks, only: Only) -> None:
    """One document, written as it is reckoned: the counts of a comparison follow its differences."""
    print_parts(_document(compared, checks, only))


def _document(compared: Sequence[Comparison], checks: Checks, only: Only) -> Iterator[str]:
    yield f'{{"format": {FORMAT}, "language": "{in_use()}", "comparisons": ['
    for number, one in enumerate(compared):
        yield ",\n" if number else "\n"
        yield _text(_head(one))[:-1] + ', "differences": ['
        yield from _joined(_text(row_of(found, checks)) for found in chosen(one, only))
        yield '\n], "counts": ' + _text({kind.value: one.counts[kind] for kind in Kind})
        yield f', "compared": {one.compared}}}'
    yield "\n]}\n"


def _joined(parts: Iterable[str]) -> Iterator[str]:
    for number, part in enumerate(parts):
        yield (",\n" if number else "\n") + part


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _head(one: Comparison) -> dict[str, Any]:
    return {
        "systems": list(one.systems),
        "before": _side(one.before),
        "after": _side(one.after),
        "ruled_alike": one.ruled_alike,
    }


def _side(side: Side) -> dict[str, Any]:
    versions = side.judgement.versions
    return {
        "run": side.run.id,
        "state": side.run.state.value,
        "started_at": shown(side.run.started_at),
        "ended_at": shown(side.run.ended_at) if side.run.ended_at else None,
        "judgement": side.judgement.number,
        "judged_at": shown(side.judgement.judged_at),
        "tool": versions.tool,
        "content_hash": versions.content_hash,
    }


def print_csv(compared: Sequence[Comparison], checks: Checks, only: Only) -> None:
    """A line a difference, with the two runs in front."""
    columns = [Column(key, key) for key in ("run_before", "run_after", *KEYS)]
    rows = (
        {"run_before": one.before.run.id, "run_after": one.after.run.id, **row_of(found, checks)}
        for one in compared
        for found in chosen(one, only)
    )
    show_rows(columns, rows, "csv")


def chosen(one: Comparison, only: Only) -> Iterator[Difference]:
    """What is listed: without ``--only`` all that has changed. The counts are whole once it is used up."""
    for found in one.differences(persisting=only is not None and Kind.PERSISTING in only):
        if only is None or found.kind in only:
            yield found


def row_of(one: Difference, checks: Checks) -> dict[str, Any]:
    """A difference as plain data; ``title``, ``seen`` and ``expected`` in the language in use."""
    check, offender = checks.get(one.check_id), one.offender
    values = (
        one.kind.value,
        one.cause.value if one.cause else None,
        one.system_id,
        one.asset_id,
        one.object_id or one.asset_id,
        one.check_id,
        spoken(check.title) if check else "",
        check.severity.value if check else None,
        offender.id if offender else None,
        spoken(offender.seen) if offender else None,
        spoken(offender.expected) if offender else None,
        _verdict(one.before),
        _verdict(one.after),
        one.reason.value if one.reason else None,
        reason_text(one),
        one.verdicts,
    )
    return dict(zip(KEYS, values, strict=True))


def _verdict(result: Result | None) -> str | None:
    return result.verdict.value if result else None
