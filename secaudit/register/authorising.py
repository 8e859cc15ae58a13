"""Whether a system may be scanned now: authorisations and blackout periods."""

from datetime import datetime

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Authorisation, Register
from secaudit.register.times import shown


def authorisation_for(register: Register, system_id: str, now: datetime) -> Authorisation:
    """The authorisation to scan the system now: of several one with a port scan, then the longest.

    Raises UsageError: no such system, a blackout period, nothing valid (the hint says how to add one).
    """
    if system_id not in {system.id for system in register.systems}:
        raise UsageError(
            _("System {id} is not registered.").format(id=system_id),
            hint=_("See what is registered with: secaudit system list"),
        )
    refuse_blackout(register, now)
    own = [item for item in register.authorisations if system_id in item.systems]
    valid = [item for item in own if is_valid(item, now)]
    if not valid:
        hint = _(
            "Add one with: secaudit authorise add --system {id} --until DATE "
            "--approver NAME --document NUMBER"
        )
        raise UsageError(_missing(system_id, own, now), hint=hint.format(id=system_id))
    return max(valid, key=lambda item: (item.port_scan, item.valid_until, item.id))


def is_valid(authorisation: Authorisation, now: datetime) -> bool:
    """Begun, not over, not revoked."""
    return state_of(authorisation, now) == "valid"


def state_of(authorisation: Authorisation, now: datetime) -> str:
    """``revoked``, ``future``, ``expired`` or ``valid``."""
    if authorisation.revoked_at is not None and authorisation.revoked_at <= now:
        return "revoked"
    if now < authorisation.valid_from:
        return "future"
    return "valid" if now < authorisation.valid_until else "expired"


def refuse_blackout(register: Register, now: datetime) -> None:
    """Raise UsageError while a blackout period lasts: nothing is contacted then."""
    for period in register.blackouts:
        if period.start <= now < period.end:
            raise UsageError(
                _("Nothing is scanned until {end}: {reason}.").format(
                    end=shown(period.end), reason=period.reason
                ),
                hint=_("Blackout periods are in secaudit.yaml."),
            )


def _missing(system_id: str, own: list[Authorisation], now: datetime) -> str:
    if not own:
        return _("No authorisation to scan system {id} is on record.").format(id=system_id)
    told = "; ".join(_reason(item, now) for item in _relevant(own, now))
    return _("No authorisation to scan system {id} is valid now: {told}.").format(id=system_id, told=told)


def _relevant(own: list[Authorisation], now: datetime) -> list[Authorisation]:
    """The one that ended last and the one that begins next, as far as there are such."""
    future = [item for item in own if state_of(item, now) == "future"]
    over = [item for item in own if item not in future]
    return [
        *([max(over, key=lambda item: (_end(item), item.id))] if over else []),
        *([min(future, key=lambda item: (item.valid_from, item.id))] if future else []),
    ]


def _end(item: Authorisation) -> datetime:
    return min(item.valid_until, item.revoked_at or item.valid_until)


def _reason(item: Authorisation, now: datetime) -> str:
    match state_of(item, now):
        case "revoked" if _end(item) == item.revoked_at:
            told = _("{authorisation} was revoked at {end}")
        case "future":
            told = _("{authorisation} begins at {begin}")
        case _:
            told = _("{authorisation} ended at {end}")
    return told.format(authorisation=item.id, begin=shown(item.valid_from), end=shown(_end(item)))
