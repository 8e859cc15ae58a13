"""What is due on which day: one function a source, each yields all it knows, late or not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, timedelta

from secaudit.language import _
from secaudit.model.attestation import Attestation
from secaudit.model.due import Due, Duty
from secaudit.model.register import Register, System
from secaudit.model.risk import RiskAct, RiskDecision, acts_on_grounds
from secaudit.register.acceptances import AcceptancesOnRecord
from secaudit.register.cycles import CYCLES, FILING_DAYS, OWN, RENEWAL_MONTHS, Cycle, months_later

OwnCycles = Mapping[Duty, Mapping[int, int]]
"""Duty → level → months, as an office sets them for itself."""


def due_by_cycles(systems: Iterable[System], own: OwnCycles) -> Iterator[Due]:
    """Evaluations, self-assessments, cryptography assessments and drills."""
    for system in systems:
        for cycle in CYCLES:
            months = own.get(cycle.duty, {}).get(system.level)
            if months is not None:
                yield _round(system, cycle, months, OWN)
            elif system.level in cycle.months:
                yield _round(system, cycle, cycle.months[system.level], cycle.source(system.level))


def _round(system: System, cycle: Cycle, months: int, source: str) -> Due:
    last: date | None = getattr(system, cycle.record)
    begun = None if system.level in cycle.before_operation else _begun(system)
    since = last or begun
    rule = _("every {months} months at level {level}").format(months=months, level=system.level)
    if last is None:
        first = (
            _("before operation")
            if system.level in cycle.before_operation
            else _("counted from its beginning")
        )
        rule = _("{rule} ({first})").format(rule=rule, first=first)
    return Due(system.id, cycle.duty, last, months_later(since, months) if since else None, rule, source)


def _begun(system: System) -> date | None:
    """Since when the system is there, as far as it is on record."""
    known = (system.in_operation_on, system.filed_on, system.graded_on)
    return min((day for day in known if day), default=None)


def due_filings(systems: Iterable[System]) -> Iterator[Due]:
    """Filings that are missing, and certificates that end; systems of level 1 and exempt ones owe none."""
    source = _("measures 43 of 2007 on classified protection, article 15")
    for system in systems:
        if system.level < 2 or system.filing_state == "exempt":
            continue
        if system.is_filed:
            yield _certificate(system)
            continue
        days = [day for day in (system.graded_on, system.in_operation_on) if day]
        until = max(days) + timedelta(days=FILING_DAYS) if days else None
        rule = _("within {days} days of grading, for a new system of operation").format(days=FILING_DAYS)
        yield Due(system.id, Duty.FILING, None, until, rule, source)


def _certificate(system: System) -> Due:
    ends = system.filing_valid_until
    return Due(
        system.id,
        Duty.CERTIFICATE,
        system.filed_on,
        ends,
        _("renewed within {months} months before its end").format(months=RENEWAL_MONTHS),
        _("validity of the filing certificate (3 years, extended by evaluations)"),
        opens_on=months_later(ends, -RENEWAL_MONTHS) if ends else None,
    )


def expiring_answers(attestations: Iterable[Attestation], objects: Mapping[str, Set[str]]) -> Iterator[Due]:
    """Answers of people by the day on which they end, one row a day; those that a later one replaced count no more.

    ``objects``: system → ids of what it is judged on; an answer about what is gone is not due.
    """
    newest = {
        (one.system, one.organisation, one.step_id, one.object_id): one
        for one in sorted(attestations, key=lambda one: one.day)
    }
    ends = Counter(
        (one.system or one.organisation, one.valid_until)
        for one in newest.values()
        if not one.system or not one.object_id or one.object_id in objects[one.system]
    )
    for (owner, until), count in ends.items():
        rule = _("an answer holds until its last day, then its step is open again")
        yield Due(owner, Duty.ANSWERS, None, until, rule, "attestations/", count=count)


def expiring_acceptances(register: Register, on_record: AcceptancesOnRecord) -> Iterator[Due]:
    """Acceptances by their last day, one row a day: what expired is revoked, or asked for anew.

    One that was revoked, whose system is gone or that a later one of the same scope follows is not due.
    """
    systems = {system.id for system in register.systems}
    standing = [
        one for one in on_record.acceptances if one.system in systems and on_record.revocation(one.id) is None
    ]
    newest = {
        (one.system, one.check, one.step, frozenset(one.assets), frozenset(one.offenders)): one
        for one in sorted(standing, key=lambda one: one.last_day)
    }
    ends = Counter((one.system, one.last_day) for one in newest.values())
    for (owner, until), count in ends.items():
        rule = _("an acceptance holds until its last day, a deferral until its deadline")
        yield Due(owner, Duty.ACCEPTANCES, None, until, rule, "acceptances/", count=count)


def expiring_decisions(register: Register, decisions: Iterable[RiskDecision]) -> Iterator[Due]:
    """Decisions on risks by the day on which they end; those that a later act followed count no more.

    ``decisions`` in the order in which they were written.
    """
    found, systems = list(decisions), {system.id for system in register.systems}
    standing: set[RiskDecision] = set()
    for system in systems:
        own = [one for one in found if one.system == system]
        whole = {one.risk: one for one in sorted(own, key=lambda one: one.day) if not one.grounds}
        standing.update(whole.values())
        standing.update(on.act for places in acts_on_grounds(own).values() for on in places.values())
    ends = Counter((one.system, one.valid_until) for one in standing if one.act is not RiskAct.REVOKE)
    for (owner, until), count in ends.items():
        rule = _("a decision on a risk holds until its last day, then the risk is undecided again")
        yield Due(owner, Duty.RISKS, None, until, rule, "risks/", count=count)
