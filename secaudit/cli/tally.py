"""What a run found, counted asset by asset: memory does not grow with evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from secaudit.cli.accepted import Covers, nothing_covers
from secaudit.cli.exit_codes import ExitCode
from secaudit.model.content import Check, Severity
from secaudit.model.evidence import BUNDLE, Gap, GapReason
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import AssetRecord, PluginVersion

SEVERITIES = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
SHOWN_OFFENDERS = 3


@dataclass(slots=True)
class AssetTally:
    """One asset: was it reached, and how many of each verdict. ``bundle_age``: of evidence that was carried.

    ``weak`` names the weak algorithms by which the connection was protected.
    """

    asset_id: str
    gap: Gap | None
    verdicts: Counter[Verdict]
    bundle_age: timedelta | None = None
    weak: str = ""


@dataclass(slots=True)
class Problem:
    """A check that failed somewhere: where, and what was seen. Of the offenders only the first are kept.

    ``accepted`` counts the objects where acceptances cover it wholly, the first until ``accepted_until``.
    """

    check: Check
    objects: list[str] = field(default_factory=list)
    partial: bool = True
    shown: list[tuple[str, Offender]] = field(default_factory=list)
    offenders: int = 0
    accepted: int = 0
    accepted_until: date = date.max


@dataclass(slots=True)
class Tally:
    """All assets of a run; ``accepted`` and ``accepted_until`` as of a ``Problem``, over all of them."""

    assets: list[AssetTally] = field(default_factory=list)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    problems: dict[str, Problem] = field(default_factory=dict)
    gaps: dict[GapReason, Counter[str]] = field(default_factory=dict)
    broken: tuple[PluginVersion, ...] = ()
    accepted: int = 0
    accepted_until: date = date.max

    def add(self, record: AssetRecord, checks: Mapping[str, Check], covers: Covers) -> None:
        """Count one asset."""
        counted = Counter(result.verdict for result in record.results)
        carried = record.channel.get("transport") == BUNDLE
        age = record.ended_at - record.started_at if carried else None
        weak = record.channel.get("weak_algorithms", "")
        self.assets.append(AssetTally(record.asset_id, record.gap, counted, age, weak))
        self.verdicts += counted
        for result in record.results:
            if result.verdict in (Verdict.FAIL, Verdict.PARTIAL) and result.check_id in checks:
                self._add_problem(result, checks[result.check_id], covers)
            if result.gap is not None:
                self.gaps.setdefault(result.gap.reason, Counter())[result.asset_id] += 1

    def _add_problem(self, result: Result, check: Check, covers: Covers) -> None:
        problem = self.problems.setdefault(check.id, Problem(check))
        problem.objects.append(result.object_id)
        problem.partial &= result.verdict is Verdict.PARTIAL
        room = SHOWN_OFFENDERS - len(problem.shown)
        problem.shown += [(result.object_id, offender) for offender in result.offenders[:room]]
        problem.offenders += len(result.offenders)
        if cover := covers(result):
            for counted in (problem, self):
                counted.accepted += 1
                counted.accepted_until = min(counted.accepted_until, cover.until)

    def by_severity(self) -> list[Problem]:
        """The gravest first; among equals what fails outright, and in more places."""
        return sorted(
            self.problems.values(),
            key=lambda p: (SEVERITIES.index(p.check.severity), p.partial, -len(p.objects), p.check.id),
        )

    @property
    def exit_code(self) -> ExitCode:
        """What is not known is worse than what failed; MANUAL is neither, nor is a failure that is accepted.

        Of a plug-in whose checks are broken nobody knows whether all that it owes is here.
        """
        if self.assets and all(asset.gap is not None for asset in self.assets):
            return ExitCode.NOTHING_REACHED
        if self.verdicts[Verdict.UNKNOWN] or any(plugin.group == "checks" for plugin in self.broken):
            return ExitCode.NOT_JUDGED
        found = self.verdicts[Verdict.FAIL] + self.verdicts[Verdict.PARTIAL]
        return ExitCode.FINDINGS if found > self.accepted else ExitCode.CLEAN


def tally_of(
    records: Iterable[AssetRecord],
    checks: Mapping[str, Check],
    plugins: Iterable[PluginVersion] = (),
    covers: Covers = nothing_covers,
) -> Tally:
    """Count all assets of a run; ``plugins`` are those that judged it, ``covers`` says what is accepted."""
    tally = Tally(broken=tuple(plugin for plugin in plugins if plugin.reason))
    for record in records:
        tally.add(record, checks, covers)
    return tally
