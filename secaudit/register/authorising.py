"""Whether an asset may be scanned now: authorisations, their windows, and blackout periods."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from secaudit.errors import NotAuthorised
from secaudit.language import _
from secaudit.model.register import Asset, Authorisation, Blackout, Register
from secaudit.register.registered import system_of
from secaudit.register.times import shown
from secaudit.register.windows import is_open, next_opening

# blackout periods that one after the other cover every opening: then nothing is promised
_BLACKOUTS_IN_A_ROW: Final = 50


def authorisation_for(register: Register, system_id: str, asset: Asset, now: datetime) -> Authorisation:
    """The authorisation to scan an asset now: of several one with a port scan, then the longest.

    Raises NotAuthorised: a blackout period, nothing that covers it and is open; the hint says what to do.
    Raises UsageError for a system that is not registered.
    """
    system_of(register, system_id)
    covering = [item for item in register.authorisations if item.covers(system_id, asset)]
    valid = [item for item in covering if state_of(register, item, now) == "valid"]
    if valid and (period := blackout_of(register, system_id, asset, now)):
        raise _blacked_out(period)
    if not valid:
        raise _missing(register, system_id, asset, covering, now)
    return max(valid, key=lambda item: (item.port_scan, item.valid_until, item.id))


def state_of(register: Register, item: Authorisation, now: datetime) -> str:
    """``revoked``, ``expired``, ``altered`` (its file), ``future``, ``closed`` (its windows) or ``valid``."""
    if item.revoked_at is not None and item.revoked_at <= now:
        return "revoked"
    if now >= item.valid_until:
        return "expired"
    if item.id in register.altered:
        return "altered"
    if now < item.valid_from:
        return "future"
    return "valid" if is_open(item.windows, now) else "closed"


def opens_next(
    register: Register, item: Authorisation, now: datetime, blackouts: Sequence[Blackout]
) -> datetime | None:
    """The first moment from now at which it allows a scan, none of these blackout periods being in the way."""
    if state_of(register, item, now) in ("revoked", "expired", "altered"):
        return None
    at: datetime | None = max(now, item.valid_from)
    for _attempt in range(_BLACKOUTS_IN_A_ROW):
        at = next_opening(item.windows, at) if at else None
        if at is None or at >= item.valid_until:
            return None
        periods = [period for period in blackouts if period.start <= at < period.end]
        if not periods:
            return at
        at = max(period.end for period in periods)
    return None


def blackout_of(register: Register, system_id: str, asset: Asset, now: datetime) -> Blackout | None:
    """The blackout period in which the asset is now; of several the one that lasts longest."""
    periods = [
        period
        for period in register.blackouts
        if period.start <= now < period.end and period.covers(system_id, asset)
    ]
    return max(periods, key=lambda period: period.end, default=None)


def refuse_blackout(register: Register, assets: Collection[Asset], now: datetime) -> None:
    """Raise NotAuthorised while a blackout period of one of these assets lasts: none is contacted then."""
    asked = {asset.id for asset in assets}
    for system in register.systems:
        for asset in system.assets:
            if asset.id in asked and (period := blackout_of(register, system.id, asset, now)):
                raise _blacked_out(period)


def _blacked_out(period: Blackout) -> NotAuthorised:
    told = _("Nothing is scanned until {end}: {reason}.")
    return NotAuthorised(
        told.format(end=shown(period.end), reason=period.reason),
        hint=_("Blackout periods are in secaudit.yaml."),
    )


def _missing(
    register: Register, system_id: str, asset: Asset, covering: list[Authorisation], now: datetime
) -> NotAuthorised:
    of_system = [item for item in register.authorisations if system_id in item.systems]
    add = _(
        "Add one with: secaudit authorise add --system {id} --until DATE --approver NAME --document NUMBER"
    ).format(id=system_id)
    if not of_system:
        told = _("No authorisation to scan system {id} is on record.").format(id=system_id)
        return NotAuthorised(told, hint=add)
    if not covering:
        told = _("No authorisation to scan asset {asset} of system {id} is on record: {others} cover others.")
        others = ", ".join(item.id for item in of_system)
        return NotAuthorised(told.format(asset=asset.id, id=system_id, others=others), hint=add)
    reasons = _reasons(register, system_id, asset, covering, now)
    told = _("No authorisation to scan asset {asset} of system {id} is valid now: {told}.")
    closed = any(state_of(register, item, now) == "closed" for item in covering)
    hint = _("Scan when it is open; see what is on record with: secaudit authorise list") if closed else add
    return NotAuthorised(told.format(asset=asset.id, id=system_id, told="; ".join(reasons)), hint=hint)


def _reasons(
    register: Register, system_id: str, asset: Asset, covering: list[Authorisation], now: datetime
) -> list[str]:
    """Of the one that ended last, of those whose file was altered, of the one that opens next."""
    blackouts = [period for period in register.blackouts if period.covers(system_id, asset)]
    states = {item.id: state_of(register, item, now) for item in covering}
    over = [item for item in covering if states[item.id] in ("revoked", "expired")]
    told = [_ended(max(over, key=lambda item: (_end(item), item.id)))] if over else []
    changed = _("the file of {authorisation} was changed or is missing")
    told += [changed.format(authorisation=item.id) for item in covering if states[item.id] == "altered"]
    waiting = [item for item in covering if states[item.id] in ("future", "closed")]
    opening = [(at, item.id) for item in waiting if (at := opens_next(register, item, now, blackouts))]
    if opening:
        at, name = min(opening)
        told.append(_("{authorisation} opens at {at}").format(authorisation=name, at=shown(at)))
    else:
        never = _("{authorisation} opens no more")
        told += [never.format(authorisation=item.id) for item in waiting]
    return told


def _end(item: Authorisation) -> datetime:
    return min(item.valid_until, item.revoked_at or item.valid_until)


def _ended(item: Authorisation) -> str:
    revoked = _end(item) == item.revoked_at
    told = _("{authorisation} was revoked at {end}") if revoked else _("{authorisation} ended at {end}")
    return told.format(authorisation=item.id, end=shown(_end(item)))


def overlapping(register: Register, item: Authorisation) -> list[Authorisation]:
    """The other authorisations that allow an asset of this one at some time of its validity."""
    return [
        other
        for other in register.authorisations
        if other.id != item.id
        and other.revoked_at is None
        and max(item.valid_from, other.valid_from) < min(item.valid_until, other.valid_until)
        and any(
            item.covers(system.id, asset) and other.covers(system.id, asset)
            for system in register.systems
            for asset in system.assets
        )
    ]
