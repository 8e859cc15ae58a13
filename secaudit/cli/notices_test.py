"""``secaudit notices test``: a message with figures of nobody to one receiver, now and past the queue."""

import os
import secrets
from pathlib import Path

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.notices_send import refuse_without_settings
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.notice import NoticeEvent, organisation_told
from secaudit.notify import load_notices, take_secrets
from secaudit.notify.connecting import Budget
from secaudit.notify.delivering import courier_of
from secaudit.notify.letters import KINDS, Letters
from secaudit.notify.message import Message
from secaudit.notify.outcome import Outcome, Sent
from secaudit.notify.receivers import Receiver
from secaudit.notify.samples import sample
from secaudit.register import load_settings
from secaudit.register.notice_settings import Channel
from secaudit.register.notices_file import is_email
from secaudit.register.times import in_zone
from secaudit.report.output import write_text

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(
    "test",
    help=_(
        "Send a notice with made-up figures.\n\nBy mail to ADDRESS, or by --webhook or --syslog. With --out DIR "
        "nothing is sent, and the notice is written there as it would be."
    ),
)
@click.argument("address", required=False, metavar=_("[ADDRESS]"))
@click.option("--webhook", "channel", flag_value=Channel.WEBHOOK.value, help=_("By the webhook."))
@click.option("--syslog", "channel", flag_value=Channel.SYSLOG.value, help=_("By syslog."))
@click.option(
    "--event",
    type=click.Choice([event.value for event in NoticeEvent]),
    default=NoticeEvent.TEST.value,
    help=_("What kind of notice (default: test)."),
)
@click.option("--out", type=_FOLDER, metavar=_("DIR"), help=_("Write it there and send nothing."))
@click.pass_obj
def try_out(workspace: Path, address: str | None, channel: str | None, event: str, out: Path | None) -> int:
    """The command."""
    refuse_without_settings(workspace)
    message = _message(workspace, _receiver(address, channel, out), NoticeEvent(event))
    if out is not None:
        return _write(workspace, message, out)
    outcome = _attempt(workspace, message)
    name = address or channel or ""
    if isinstance(outcome, Sent):
        click.echo(printable(_("{name}: delivered").format(name=name)))
        return ExitCode.CLEAN
    click.echo(
        printable(_("{name}: not delivered: {reason}").format(name=name, reason=outcome.reason)), err=True
    )
    return ExitCode.FINDINGS


def _receiver(address: str | None, channel: str | None, out: Path | None) -> Receiver:
    if bool(address) == bool(channel) and not (out and not address):
        raise UsageError(_("Name either an ADDRESS, --webhook or --syslog."))
    if address and not is_email(address):
        raise UsageError(_("{address} is no e-mail address.").format(address=address))
    return Receiver(Channel(channel) if channel else Channel.MAIL, address or "")


def _message(workspace: Path, receiver: Receiver, event: NoticeEvent) -> Message:
    settings, now = load_settings(workspace), clock.now()
    language = settings.notices.language if settings.notices else settings.language
    night = in_zone(now).date()
    notice = sample(event, organisation_told(settings.office), night)
    return Message(secrets.token_hex(10), receiver, language, notice, now, now, (night,))


def _attempt(workspace: Path, message: Message) -> Outcome:
    """Past the queue: what goes wrong is said now."""
    settings, office = load_notices(workspace), organisation_told(load_settings(workspace).office)
    channel = message.receiver.channel
    if settings is None or getattr(settings, channel.value) is None:
        raise UsageError(_("notices: in secaudit.yaml has no {channel}:.").format(channel=channel.value))
    letter = Letters(workspace, office, message.language).write(message.notice)
    limit_s = 3.0 * (settings.mail.timeout_s if settings.mail else 20)
    known = take_secrets(settings, os.environ)
    with courier_of(channel, settings, known, office, message.made) as courier:
        return courier.send(message, letter, Budget(limit_s))


def _write(workspace: Path, message: Message, out: Path) -> int:
    office = organisation_told(load_settings(workspace).office)
    letter = Letters(workspace, office, message.language).write(message.notice)
    for kind, text in zip(KINDS, (letter.subject, letter.text, letter.html), strict=True):
        path = out / f"{message.notice.event}.{kind}"
        write_text(path, [text])
        click.echo(printable(_("Written: {path}").format(path=path)))
    return ExitCode.CLEAN
