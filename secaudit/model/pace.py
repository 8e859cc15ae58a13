"""How fast a run goes, and when it gives up: the limits of a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ZonePace:
    """What a zone sets for itself; None leaves it to the limits of all."""

    jobs: int | None = None
    failures: int | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Visits at once, times in seconds, failures in a row. 0 means no limit, for ``jitter_s`` no delay.

    A segment is a zone, or the network of an asset without one. ``visit_s`` is for the script of one visit;
    after ``run_s`` no visit begins. ``failures``: so many assets of a segment that could not be entered end the
    visits there; ``logins``: so many refusals of a password, in a row, end its use.
    """

    jobs: int = 10
    per_segment: int = 0
    per_hypervisor: int = 2
    jitter_s: int = 0
    visit_s: int = 300
    run_s: int = 0
    failures: int = 10
    logins: int = 3
    zones: Mapping[str, ZonePace] = field(default_factory=dict)

    def jobs_in(self, segment: str) -> int:
        """How many assets of a segment are visited at once."""
        own = self.zones.get(segment, ZonePace()).jobs
        return self.per_segment if own is None else own

    def failures_in(self, segment: str) -> int:
        """After how many failures in a row a segment is left alone."""
        own = self.zones.get(segment, ZonePace()).failures
        return self.failures if own is None else own
