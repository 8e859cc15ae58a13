"""The figures of both report templates: exact, and as bounds while anything is open.

2021 template: a score that deducts for defects. 2025 template: the rate of compliance (符合率). All of them are our
self-assessment, never an official result.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from secaudit.model.assessment import Conclusion, ItemOutcome

TECHNICAL_DOMAINS: Final = frozenset({"PES", "CNS", "ABS", "CES", "SMC"})
VALUES: Final = {
    Conclusion.COMPLIANT: Fraction(1),
    Conclusion.PARTLY: Fraction(1, 2),
    Conclusion.NOT_COMPLIANT: Fraction(0),
}


class ObjectRule(StrEnum):
    """How several objects make the value xk of an item; the published text does not say.

    ``mean``: their arithmetic mean. ``tri``: 1 if all are 符合, 0 if all are 不符合, else a half.
    """

    MEAN = "mean"
    TRI = "tri"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A figure between its value if all that is open turns out badly, and if it turns out well."""

    low: Fraction
    high: Fraction

    @property
    def closed(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Score:
    """The 2021 template: M = Vt + Vm, out of 100. ``items``: n, the applicable ones."""

    items: int
    technical: Bounds
    management: Bounds

    @property
    def total(self) -> Bounds:
        return Bounds(
            self.technical.low + self.management.low,
            self.technical.high + self.management.high,
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """The 2025 template: share of applicable items, 0 to 1.

    How 部分符合 counts is not published. ``strict``: not at all (the headline). ``weighted``: by the value xk.
    """

    items: int
    strict: Bounds
    weighted: Bounds


def score_2021(
    items: Iterable[ItemOutcome],
    weights: Mapping[str, int],
    rule: ObjectRule = ObjectRule.MEAN,
    technical_share: Fraction = Fraction(1, 2),
) -> Score:
    """``weights``: key of an item → 1 (一般, where nothing is said), 2 (重要) or 3 (关键); ``technical_share``: y."""
    applicable = _applicable(items)
    technical = [item for item in applicable if item.requirement.domain_abbr in TECHNICAL_DOMAINS]
    management = [item for item in applicable if item.requirement.domain_abbr not in TECHNICAL_DOMAINS]
    deducted = Fraction(100, len(applicable)) if applicable else Fraction(0)
    return Score(
        len(applicable),
        _half(technical, technical_share, deducted, weights, rule),
        _half(management, 1 - technical_share, deducted, weights, rule),
    )


def rate_2025(items: Iterable[ItemOutcome], rule: ObjectRule = ObjectRule.MEAN) -> Rate:
    """Both rates; 0 where no item is applicable."""
    applicable = _applicable(items)
    strict = [
        Bounds(*(Fraction(word is Conclusion.COMPLIANT) for word in (item.worst, item.best)))
        for item in applicable
    ]
    return Rate(len(applicable), _mean(strict), _mean([value(item, rule) for item in applicable]))


def value(item: ItemOutcome, rule: ObjectRule) -> Bounds:
    """xk of an applicable item: from 0 to 1 over the objects it applies to."""
    return Bounds(
        _over([o.worst for o in item.objects], rule),
        _over([o.best for o in item.objects], rule),
    )


def _applicable(items: Iterable[ItemOutcome]) -> list[ItemOutcome]:
    return [item for item in items if is_applicable(item)]


def is_applicable(item: ItemOutcome) -> bool:
    """Whether the item counts at all."""
    return item.conclusion is not Conclusion.NOT_APPLICABLE


def _over(conclusions: Iterable[Conclusion], rule: ObjectRule) -> Fraction:
    values = [VALUES[word] for word in conclusions if word is not Conclusion.NOT_APPLICABLE]
    if rule is ObjectRule.TRI:
        return values[0] if set(values) in ({Fraction(0)}, {Fraction(1)}) else Fraction(1, 2)
    return sum(values, Fraction(0)) / len(values)


def _half(
    items: Sequence[ItemOutcome],
    share: Fraction,
    deducted: Fraction,
    weights: Mapping[str, int],
    rule: ObjectRule,
) -> Bounds:
    """Vt or Vm: the share of 100 less what defects deduct, never below nothing."""
    low = high = 100 * share
    for item in items:
        reached, weight = value(item, rule), weights.get(item.requirement.key, 1)
        low -= weight * (1 - reached.low) * deducted
        high -= weight * (1 - reached.high) * deducted
    return Bounds(max(Fraction(0), low), max(Fraction(0), high))


def _mean(parts: Sequence[Bounds]) -> Bounds:
    if not parts:
        return Bounds(Fraction(0), Fraction(0))
    count = len(parts)
    low = sum((part.low for part in parts), Fraction(0)) / count
    return Bounds(low, sum((part.high for part in parts), Fraction(0)) / count)
