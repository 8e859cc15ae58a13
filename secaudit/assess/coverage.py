"""Who decided each step, or must: nothing may fall between."""

from collections import Counter
from collections.abc import Iterable, Sequence

from secaudit.model.assessment import Coverage, Decider, ItemOutcome


def coverage_of(items: Iterable[ItemOutcome]) -> tuple[Coverage, ...]:
    """A row for each domain (``CES``), in the order in which the items come."""
    domains: dict[str, list[ItemOutcome]] = {}
    for item in items:
        domains.setdefault(item.requirement.domain_abbr, []).append(item)
    return tuple(_coverage(domain, of_domain) for domain, of_domain in domains.items())


def _coverage(domain: str, items: Sequence[ItemOutcome]) -> Coverage:
    deciders = Counter(step.decider for item in items for o in item.objects for step in o.steps)
    row = Coverage(
        domain=domain,
        items=len(items),
        steps=sum(len(o.steps) for item in items for o in item.objects),
        machine=deciders[Decider.MACHINE],
        attested=deciders[Decider.ATTESTED],
        person=deciders[Decider.PERSON] + deciders[Decider.PERSON_REST],
        evidence_missing=deciders[Decider.EVIDENCE_MISSING],
        register=deciders[Decider.REGISTER],
    )
    assert row.steps == row.machine + row.attested + row.person + row.evidence_missing + row.register
    return row
