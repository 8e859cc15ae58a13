"""Evidence that came by bundle: which bundle is known already, and the newest of an asset."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, select

from secaudit.errors import BundleError, StoreError
from secaudit.language import _
from secaudit.model.evidence import BUNDLE, Visit
from secaudit.store.blobs import read_blob
from secaudit.store.evidence import Circumstances, get_circumstances, get_observations
from secaudit.store.schema import VISITS

# the advisory lock of PostgreSQL that stands for imports: any number that nothing else there uses
IMPORTS: Final = 0x7365_6361_7564_6974


def run_of_bundle(connection: Connection, sha256: str) -> str | None:
    """The run that the bundle of that digest was imported into; None for a new one."""
    for hash_, found in _by_bundle(connection):
        if found.channel.get("sha256") == sha256:
            query = select(VISITS.c.run_id).where(VISITS.c.circumstances == hash_)
            run_id: str = connection.execute(query.order_by(VISITS.c.ended_at).limit(1)).scalar_one()
            return run_id
    return None


def already_imported(asset_id: str, run_id: str) -> BundleError:
    """The error for a bundle that a run has."""
    return BundleError(
        _("the bundle of {asset} was imported already, into run {run}").format(asset=asset_id, run=run_id),
        hint=_("See its verdicts: secaudit results {run}").format(run=run_id),
    )


def refuse_known(connection: Connection, visit: Visit) -> None:
    """Raises BundleError where a run has the bundle of this visit."""
    known = run_of_bundle(connection, visit.channel["sha256"])
    if known is not None:
        raise already_imported(visit.asset_id, known)


def newest_bundle(connection: Connection, asset_id: str) -> Visit | None:
    """The visit by bundle of an asset that was collected last; None where none was imported."""
    own = VISITS.c.asset_id == asset_id
    known = dict(_by_bundle(connection, own))
    query = select(VISITS).where(own, VISITS.c.circumstances.in_(known))
    row = connection.execute(
        query.order_by(VISITS.c.started_at.desc(), VISITS.c.ended_at).limit(1)
    ).one_or_none()
    return _visit(connection, row, known[row.circumstances]) if row else None


def _by_bundle(connection: Connection, *which: ColumnElement[bool]) -> Iterator[tuple[bytes, Circumstances]]:
    """Hash → circumstances; not those of scans that had no bundle to take over."""
    hashes = connection.execute(select(VISITS.c.circumstances).where(*which).distinct()).scalars().all()
    for hash_ in hashes:
        try:
            found = get_circumstances(hash_, partial(read_blob, connection))
        except StoreError:  # an older visit that is damaged does not stop a new one
            continue
        if found.channel.get("transport") == BUNDLE and found.gap is None:
            yield hash_, found


def _visit(connection: Connection, row: Row[Any], circumstances: Circumstances) -> Visit:
    return Visit(
        asset_id=row.asset_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        target_time=row.target_time,
        authorisation=row.authorisation,
        observations=get_observations(row.observations, row.timings, partial(read_blob, connection)),
        gap=circumstances.gap,
        channel=circumstances.channel,
        clock_ahead_s=circumstances.clock_ahead_s,
        authorised=circumstances.authorised,
    )
