"""Which updates the asset's own metadata knows and has not installed; no network, nothing written."""

from dataclasses import dataclass

from secaudit.facts.apk_updates import parse_apk
from secaudit.facts.apt_updates import parse_apt
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.rpm_updates import parse_rpm
from secaudit.facts.sections import whole_sections
from secaudit.facts.update import Metadata, Update
from secaudit.facts.update_script import UPDATES
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

STALE_AFTER_DAYS = 14


@dataclass(frozen=True, slots=True)
class PendingUpdates:
    """Updates that are known and not installed.

    ``metadata_date`` (ISO) is that of the security metadata, the oldest where there are several sources, and
    ``metadata_age_days`` its age at the visit. Metadata older than 14 days that knows of no pending security update is
    a gap: it proves nothing; what it does know as pending stays pending. ``silent_sources`` are enabled package sources
    without security metadata (rpm repositories without errata): of what they supply nothing is known.
    """

    updates: tuple[Update, ...]
    metadata_date: str
    metadata_age_days: int
    silent_sources: tuple[str, ...]


def parse_updates(text: str) -> tuple[tuple[Update, ...], Metadata]:
    """The answer of any family → updates, sorted by name, and the state of the metadata; raises GapFound."""
    parts = whole_sections(text, "the list of updates is cut off", GapReason.UNPARSABLE)
    if "apt release" in parts:
        return parse_apt(parts)
    if "apk index" in parts:
        return parse_apk(parts)
    if "rpm metadata" in parts:
        return parse_rpm(parts)
    raise GapFound(GapReason.NOT_SUPPORTED, "neither apt, apk nor rpm")


def build_pending(evidence: Evidence) -> PendingUpdates:
    """The pending updates; raises GapFound for metadata that is absent, or stale and silent."""
    updates, metadata = parse_updates(evidence.text(UPDATES.id))
    # A date from the future is a clock that is wrong on one side: the age cannot be told.
    age_days = (evidence.now - metadata.date).days
    if age_days < -1:
        raise GapFound(
            GapReason.METADATA_STALE, f"metadata of {metadata.date.date()} is newer than the target's clock"
        )
    if age_days > STALE_AFTER_DAYS and not any(u.security for u in updates):
        raise GapFound(
            GapReason.METADATA_STALE, f"metadata of {metadata.date.date()}, {age_days} days before the visit"
        )
    return PendingUpdates(updates, metadata.date.date().isoformat(), max(age_days, 0), metadata.silent)


PENDING_UPDATES = Fact(
    "pending_updates", Text("待安装更新", "Pending updates"), PendingUpdates, build_pending, (UPDATES,)
)
