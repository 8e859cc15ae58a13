"""What the other levels ask of hosts that were scanned at level 3, judged on the same evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from secaudit.audit.judging import Rules, Subject, judge_evidence, moment_of, subjects_of
from secaudit.audit.planning import expected_of
from secaudit.cli.wiring import load_rules
from secaudit.model.register import Grade
from secaudit.model.result import Result, Verdict
from secaudit.model.run import AssetRecord
from secaudit.store import Store, open_store
from tests.lab.audits import Audit
from tests.lab.workspace import DATABASE

OTHERS = (Grade(4, 4), Grade(2, 2), Grade(1, 1))


def other_levels(audit: Audit) -> Mapping[str, Mapping[str, Verdict]]:
    """Host → check that level 3 does not ask → verdict."""
    rules = load_rules(audit.workspace)
    with open_store(f"sqlite:///{audit.workspace / DATABASE}") as store:
        subjects = subjects_of(store.run(audit.run).plan)
        return {
            host: {r.check_id: r.verdict for r in _further(store, audit.run, record, subjects[host], rules)}
            for host, record in audit.records.items()
        }


def _further(store: Store, run: str, record: AssetRecord, subject: Subject, rules: Rules) -> Iterator[Result]:
    judged = {result.check_id for result in record.results}
    answers = store.observations(run, record.asset_id)
    for grade in OTHERS:
        other = _at(subject, grade, rules)
        owed = expected_of(other.asset, other.system, rules.content, other.profile)
        left = tuple(one for one in owed if one.check_id not in judged)
        judged |= {one.check_id for one in left}
        yield from judge_evidence(other, left, answers, moment_of(record), rules)


def _at(subject: Subject, grade: Grade, rules: Rules) -> Subject:
    system = replace(subject.system, grade=grade)
    return replace(subject, system=system, profile=rules.content.profiles[f"level-{grade.level}"])
