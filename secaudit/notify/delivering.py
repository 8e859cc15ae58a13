"""The queue is worked off: in order, within a time, by one process at a time."""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, assert_never

from secaudit.errors import SecauditError
from secaudit.language import _
from secaudit.model.notice import OrganisationName, organisation_told
from secaudit.notify.connecting import Budget
from secaudit.notify.letters import Letter, Letters
from secaudit.notify.mail import Mailer
from secaudit.notify.message import Message
from secaudit.notify.outcome import Down, Later, Never, Outcome, Sent, Unsure
from secaudit.notify.queue import FOLDER, WAITING, Held, Queue
from secaudit.notify.settings import Secrets, load_notices, take_secrets
from secaudit.notify.syslog import Syslog
from secaudit.notify.webhook import Webhook
from secaudit.register.loading import load_settings
from secaudit.register.notice_settings import Channel, NoticeSettings
from secaudit.register.windows import is_open

BUDGET_S = 120.0
# attempts of which nobody knows how they ended, before a message is put aside
UNSURE_LIMIT = 2
# the many last: they could use up the time
_ORDER = (Channel.SYSLOG, Channel.WEBHOOK, Channel.MAIL)


class Courier(Protocol):
    """One way to deliver."""

    def send(self, message: Message, letter: Letter, budget: Budget) -> Outcome:
        """One attempt, ended within the budget."""


@dataclass(slots=True)
class Delivered:
    """What became of the queue; ``busy``: another process is sending, so nothing was tried."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    waiting: int = 0
    busy: bool = False
    faults: list[str] = field(default_factory=list)


def deliver(
    workspace: Path,
    now: datetime,
    budget_s: float = BUDGET_S,
    secrets: Secrets | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Delivered:
    """Send what is due, for at most so many seconds. Raises nothing of ours: ``faults`` say what went wrong."""
    done = Delivered()
    queue = Queue(workspace / FOLDER)
    try:
        settings = load_notices(workspace)
        if settings is None or not queue.held(WAITING):
            return done
        office = organisation_told(load_settings(workspace).office)
        with queue.sending() as is_alone:
            if is_alone:
                known = secrets if secrets is not None else take_secrets(settings, os.environ)
                round_ = _Round(queue, settings, office, known, workspace, now, Budget(budget_s, clock))
                round_.run(done)
            else:
                done.busy = True
        done.waiting = len(queue.held(WAITING))
    except SecauditError as error:
        done.faults.append(str(error))
    return done


@dataclass(frozen=True, slots=True)
class _Round:
    queue: Queue
    settings: NoticeSettings
    office: OrganisationName
    secrets: Secrets
    workspace: Path
    now: datetime
    budget: Budget

    def run(self, done: Delivered) -> None:
        """All channels, one after the other; what is wrong with one keeps none of the others."""
        held = self.queue.held(WAITING)
        for channel in _ORDER:
            try:
                self._channel(channel, [one for one in held if one.channel is channel], done)
            except SecauditError as error:
                done.faults.append(str(error))

    def _channel(self, channel: Channel, held: Iterable[Held], done: Delivered) -> None:
        due = self._due(channel, held, done)
        if not due:
            return
        room = self.settings.per_hour - self.queue.sent_since(channel, self.now - timedelta(hours=1))
        behind: set[str] = set()
        with courier_of(channel, self.settings, self.secrets, self.office, self.now) as courier:
            for place, (one, message) in enumerate(due):
                if room <= 0 or not self._has_time(channel, begun=place > 0):
                    return
                if message.receiver.address in behind:
                    continue
                outcome = self._attempt(one, message, courier, done)
                if isinstance(outcome, Sent):
                    room -= 1
                elif isinstance(outcome, Down):
                    self._put_off(due[place + 1 :], outcome, done)
                    return
                elif not isinstance(outcome, Never):
                    behind.add(message.receiver.address)

    def _has_time(self, channel: Channel, *, begun: bool) -> bool:
        """Whether another message may begin: none that the end of the budget would cut off half-way."""
        left_s, way = self.budget.left_s(), getattr(self.settings, channel.value)
        return left_s > (getattr(way, "timeout_s", 0) if begun else 0)

    def _due(self, channel: Channel, held: Iterable[Held], done: Delivered) -> list[tuple[Held, Message]]:
        """Those that may be sent now: none before one for the same receiver that has to wait."""
        found: list[tuple[Held, Message]] = []
        behind: set[str] = set()
        for one in held:
            message = one.read()
            if message is None or one.key != message.key or channel is not message.receiver.channel:
                self._aside(one, None, _("{file} is no message").format(file=one.file.name), done)
            elif one.unsure >= UNSURE_LIMIT:
                told = _("two attempts ended nobody knows how: it may have arrived")
                self._aside(one, message, told, done)
            elif message.not_before > self.now:
                behind.add(message.receiver.address)
            elif message.receiver.address not in behind:
                found.append((one, message))
        return [] if self._is_quiet(channel) or self._is_gone(channel) else found

    def _is_quiet(self, channel: Channel) -> bool:
        quiet = self.settings.quiet
        return channel is Channel.MAIL and bool(quiet) and is_open(quiet, self.now)

    def _is_gone(self, channel: Channel) -> bool:
        """Whether the settings do not have that way any more."""
        return getattr(self.settings, channel.value) is None

    def _attempt(self, one: Held, message: Message, courier: Courier, done: Delivered) -> Outcome:
        try:
            letter = Letters(self.workspace, self.office, message.language).write(message.notice)
        except SecauditError as error:  # a template of the office: it can be mended
            outcome = Later(str(error))
            self._wait(one, message, outcome, done)
            done.faults.append(outcome.reason)
            return outcome
        begun, current = self.queue.begin(one)
        ended = courier.send(current or message, letter, self.budget)
        self._ended(begun, current or message, ended, done)
        return ended

    def _ended(self, one: Held, message: Message, outcome: Outcome, done: Delivered) -> None:
        match outcome:
            case Sent():
                self.queue.sent(one, self.now)
                done.sent += 1
            case Never(reason):
                self._aside(one, replace(message, attempts=message.attempts + 1), reason, done)
            case Unsure():
                self._wait(one, message, outcome, done)
            case Later() | Down():
                self._wait(self.queue.unbegun(one), message, outcome, done)
            case _:
                assert_never(outcome)
        if isinstance(outcome, Down):
            done.faults.append(f"{one.channel}: {outcome.reason}")

    def _wait(self, one: Held, message: Message, outcome: Later | Down | Unsure, done: Delivered) -> None:
        """Until its next attempt; put aside where it was given time enough."""
        wait_s = outcome.wait_s if isinstance(outcome, Later) else 0
        failed = message.failed(self.now, outcome.reason, wait_s)
        if self.now - message.made > timedelta(days=self.settings.give_up_days):
            told = _("not delivered within {days} days: {reason}")
            self._aside(
                one, failed, told.format(days=self.settings.give_up_days, reason=outcome.reason), done
            )
        else:
            self.queue.wait(one, failed)
            done.later += 1

    def _put_off(self, rest: Iterable[tuple[Held, Message]], down: Down, done: Delivered) -> None:
        for one, message in rest:
            self._wait(one, message, down, done)

    def _aside(self, one: Held, message: Message | None, reason: str, done: Delivered) -> None:
        self.queue.dead(one, replace(message, reason=reason) if message else None, self.now)
        done.dead += 1
        done.faults.append(f"{one.number}: {reason}")


def courier_of(
    channel: Channel, settings: NoticeSettings, secrets: Secrets, office: OrganisationName, now: datetime
) -> AbstractContextManager[Courier]:
    """The way of that name; the settings have it."""
    mail, webhook, syslog = settings.mail, settings.webhook, settings.syslog
    if channel is Channel.MAIL and mail is not None:
        return Mailer(mail, lambda: secrets.of(mail.password), office.text)
    if channel is Channel.WEBHOOK and webhook is not None:
        return Webhook(webhook, lambda: secrets.of(webhook.key), lambda: now)
    if channel is Channel.SYSLOG and syslog is not None:
        return Syslog(syslog)
    raise ValueError(f"the settings have no {channel}")
