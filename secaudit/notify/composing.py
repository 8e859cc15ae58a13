"""A night becomes notices: what each receiver is told of the systems that are its business, in figures only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from secaudit.model.night import Due, NightSummary, Returned, SystemNight
from secaudit.model.notice import (
    FAILURES,
    OF_WATCH,
    DocumentNumber,
    Notice,
    NoticeCounts,
    NoticeDeadline,
    NoticeEvent,
    NoticePart,
    WatchVerdict,
    number_told,
    organisation_told,
)
from secaudit.model.register import Organisation, Register, System
from secaudit.notify.receivers import Receiver, receivers, receivers_without_systems
from secaudit.notify.stages import is_news
from secaudit.register.notice_settings import NoticeSettings


def notices_of(
    night: NightSummary, register: Register, settings: NoticeSettings
) -> Iterator[tuple[Receiver, Notice]]:
    """Who is to be told what of that night."""
    words = _Words(register)
    for event in (event for event in NoticeEvent if (event in OF_WATCH) == night.is_watch):
        news = {one.system: one for one in _news(event, night, settings)}
        if event in FAILURES and (night.failed or night.missed):
            news = {system.id: SystemNight(system.id) for system in register.systems} | news
        for receiver, systems in receivers(settings, register, event).items():
            parts = tuple(words.parts(systems, news))
            if parts and (event not in FAILURES or _is_failure(night, parts)):
                verdict = _verdict(news[one.id].verdict for one in systems if one.id in news)
                notice = Notice(event, night.night, 1, night.missed, night.failed, parts, verdict)
                yield receiver, notice


def failures_of(
    night: NightSummary, organisations: Iterable[Organisation], settings: NoticeSettings
) -> Iterator[tuple[Receiver, Notice]]:
    """That a night failed, where the register cannot be read: figures there are none."""
    event = NoticeEvent.WATCH_FAILED if night.is_watch else NoticeEvent.NIGHT_FAILED
    notice = Notice(event, night.night, 1, night.missed, failed=True)
    for receiver in receivers_without_systems(settings, organisations, event):
        yield receiver, notice


def _news(event: NoticeEvent, night: NightSummary, settings: NoticeSettings) -> Iterator[SystemNight]:
    """The systems of a night with what that event is about; those with nothing to tell are left out."""
    for one in night.systems:
        bare = SystemNight(one.system, one.counts)
        match event:
            case NoticeEvent.DIGEST:
                yield replace(one, returned=_returned(one, night))
            case NoticeEvent.NIGHT_FAILED | NoticeEvent.WATCH_FAILED:
                yield bare
            case NoticeEvent.WATCH:
                yield replace(bare, verdict=one.verdict)
            case NoticeEvent.DEADLINE | NoticeEvent.OVERDUE:
                late = event is NoticeEvent.OVERDUE
                if due := _staged(one.due, night, settings, late=late):
                    yield replace(bare, due=due)
            case NoticeEvent.PACKAGE_DUE:
                soon, over = (_staged(one.packages, night, settings, late=late) for late in (False, True))
                if soon or over:
                    yield replace(bare, packages=soon + over)
            case NoticeEvent.PACKAGE_RETURNED:
                if returned := _returned(one, night):
                    yield replace(bare, returned=returned)
            case _:
                return


def _staged(
    dues: Iterable[Due], night: NightSummary, settings: NoticeSettings, *, late: bool
) -> tuple[Due, ...]:
    return tuple(
        due
        for due in dues
        if (due.day < night.night) == late
        and is_news(due.day, night.night, night.previous, settings.remind_days, settings.escalate_days)
    )


def _returned(one: SystemNight, night: NightSummary) -> tuple[Returned, ...]:
    since = night.previous or date.min
    return tuple(package for package in one.returned if package.day > since)


def _verdict(verdicts: Iterable[WatchVerdict | None]) -> WatchVerdict | None:
    """Of several systems: what changed is told before what could not be seen."""
    found = set(verdicts)
    return next((one for one in reversed(WatchVerdict) if one in found), None)


def _is_failure(night: NightSummary, parts: Sequence[NoticePart]) -> bool:
    return night.failed or night.missed > 0 or any(part.counts.failed for part in parts)


class _Words:
    """What texts of the register may be told; organisations stand in the order of the register."""

    def __init__(self, register: Register) -> None:
        assets = [asset for system in register.systems for asset in (*system.assets, *system.shared)]
        addresses = [*(asset.address for asset in assets), *(hop.address for hop in register.jump_hosts)]
        self._names = [*addresses, *(text for one in assets for text in (one.id, one.name))]
        self._numbers: dict[str, DocumentNumber] = {}
        self._organisations = {
            one.id: organisation_told(one.name, addresses) for one in register.organisations
        }

    def parts(self, systems: Iterable[System], news: dict[str, SystemNight]) -> Iterator[NoticePart]:
        """One part an organisation of those systems that have news."""
        told = [system for system in systems if system.id in news]
        for id_, name in self._organisations.items():
            own = [news[system.id] for system in told if system.organisation == id_]
            if own:
                yield NoticePart(
                    name,
                    len(own),
                    _sum(one.counts for one in own),
                    self._deadlines(due for one in own for due in one.due),
                    self._deadlines(due for one in own for due in one.packages),
                    tuple(sorted({self._number(one.number) for system in own for one in system.returned})),
                )

    def _deadlines(self, dues: Iterable[Due]) -> tuple[NoticeDeadline, ...]:
        """The earliest first; those of one document and day together."""
        counted: dict[tuple[date, DocumentNumber], int] = {}
        for due in dues:
            key = due.day, self._number(due.document)
            counted[key] = counted.get(key, 0) + due.count
        return tuple(NoticeDeadline(number, day, counted[day, number]) for day, number in sorted(counted))

    def _number(self, text: str) -> DocumentNumber:
        """Held against every name of the register, so each once."""
        if text not in self._numbers:
            self._numbers[text] = number_told(text, self._names)
        return self._numbers[text]


def _sum(counts: Iterable[NoticeCounts]) -> NoticeCounts:
    total = NoticeCounts()
    for one in counts:
        total = total.plus(one)
    return total
