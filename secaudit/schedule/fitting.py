"""Whether a schedule fits the nights of a workspace, and what no night can do that nobody attends."""

from collections.abc import Iterator

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.nightly import Nightly
from secaudit.model.register import Hop, Reach, System
from secaudit.register.windows import clock_text, days_text
from secaudit.schedule.calendar import Calendar

_DAY_MIN = 24 * 60
_PROMPT = "prompt"


def refuse_unfit(settings: Nightly, calendar: Calendar, jitter_s: int) -> None:
    """Raise UsageError where a night would begin outside of its window, or one that is expected never would."""
    start = settings.window.start_min
    length = (settings.window.end_min - start) % _DAY_MIN or _DAY_MIN
    last = length if settings.last_start_min is None else (settings.last_start_min - start) % _DAY_MIN
    after_opening = (calendar.minute - start) % _DAY_MIN
    latest = after_opening + -(-jitter_s // 60)
    if latest >= last:
        told = _(
            "Nights that start at {at} and up to {jitter} s later would not begin within {from_} and {until}."
        )
        raise UsageError(
            told.format(
                at=calendar,
                jitter=jitter_s,
                from_=clock_text(start),
                until=clock_text((start + last) % _DAY_MIN),
            ),
            hint=_(
                "Choose another time (--at) or less delay (--jitter), or change window: in secaudit.yaml."
            ),
        )
    over_midnight = calendar.minute < start
    started = {(day - over_midnight) % 7 for day in calendar.days}
    if never := sorted(set(settings.window.days) - started):
        told = _(
            "The nights of {days} are expected (nightly: days in secaudit.yaml) and would never be started."
        )
        raise UsageError(
            told.format(days=days_text(never)),
            hint=_("Start them too (--at), or leave them out of days: there."),
        )


def unattended_gaps(systems: tuple[System, ...], *, in_crontab: bool) -> Iterator[str]:
    """Credentials that a night does not have, each with the assets that need it, in words for people."""
    assets: dict[str, list[str]] = {}
    for system in systems:
        for asset in system.assets:
            for reference in sorted(_references(asset.reach)):
                if asset.reach.transport != "none":
                    assets.setdefault(reference, []).append(asset.id)
    for reference, names in sorted(assets.items()):
        told = _why(reference, in_crontab=in_crontab)
        if told:
            shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
            yield told.format(reference=reference, assets=shown)


def local_assets(systems: tuple[System, ...]) -> list[str]:
    """The assets that are this machine itself."""
    return [asset.id for system in systems for asset in system.assets if asset.reach.transport == "local"]


def _references(reach: Reach) -> set[str]:
    found: set[str] = set()
    logins: tuple[Reach | Hop, ...] = (*reach.jump, reach)
    for login in logins:
        found |= {login.key, login.passphrase, login.password, *(["agent"] if login.agent else [])}
    return (found | {reach.sudo_password}) - {""}


def _why(reference: str, *, in_crontab: bool) -> str:
    if reference == _PROMPT:
        return _(
            "{assets}: a password that is to be typed (prompt) is missing at night; give it as file:PATH"
        )
    if reference == "agent":
        return _("{assets}: no SSH agent runs at night; give the key as file:PATH")
    if reference.startswith("env:"):
        if in_crontab:
            return _("{assets}: cron knows no variable {reference}; give the secret as file:PATH")
        return _(
            "{assets}: systemd knows no variable {reference}; give the secret as file:PATH, or set an EnvironmentFile= "
            "of mode 0600 (systemctl edit)"
        )
    return ""
