"""``secaudit notices send``, ``retry``, ``discard``: the queue is worked off by hand, or by a timer between nights."""

from collections.abc import Collection
from pathlib import Path

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.notify import deliver, load_notices
from secaudit.notify.delivering import BUDGET_S
from secaudit.notify.queue import DEAD, FOLDER, Held, Queue


@click.command(
    help=_("Send what is due. Of two at once one sends, the other ends."),
    epilog=_("Exit code 1: something was not delivered."),
)
@click.option(
    "--budget",
    "budget_s",
    type=click.FloatRange(min=1, max=3600),
    default=BUDGET_S,
    show_default=True,
    help=_("Seconds after which it ends, whatever servers do."),
)
@click.pass_obj
def send(workspace: Path, budget_s: float) -> int:
    """The command."""
    refuse_without_settings(workspace)
    done = deliver(workspace, clock.now(), budget_s)
    for fault in done.faults:
        click.echo(printable(f"secaudit: {fault}"), err=True)
    if done.busy:
        click.echo(_("Another process is sending; nothing was tried."))
        return ExitCode.CLEAN
    told = _("Sent: {sent}; put off: {later}; not delivered: {dead}; waiting: {waiting}")
    click.echo(told.format(sent=done.sent, later=done.later, dead=done.dead, waiting=done.waiting))
    return ExitCode.FINDINGS if done.later or done.dead or done.faults else ExitCode.CLEAN


@click.command(help=_("Let undelivered notices wait again.\n\nThose of these NUMBERs, or all."))
@click.argument("numbers", nargs=-1, type=int, metavar=_("[NUMBER]…"))
@click.pass_obj
def retry(workspace: Path, numbers: tuple[int, ...]) -> None:
    """The command."""
    queue, now = Queue(workspace / FOLDER), clock.now()
    revived = sum(queue.revive(one, now) for one in _undelivered(queue, numbers))
    click.echo(_("Waiting again: {count}").format(count=revived))


@click.command(help=_("Remove undelivered notices that nobody needs any more."))
@click.argument("numbers", nargs=-1, type=int, required=True, metavar=_("NUMBER…"))
@click.pass_obj
def discard(workspace: Path, numbers: tuple[int, ...]) -> None:
    """The command."""
    queue = Queue(workspace / FOLDER)
    chosen = _undelivered(queue, numbers)
    for one in chosen:
        queue.discard(one)
    click.echo(_("Removed: {count}").format(count=len(chosen)))


def _undelivered(queue: Queue, numbers: Collection[int]) -> list[Held]:
    """Those of these numbers, all where none is named. Raises UsageError for the ones that are not there."""
    dead = queue.held(DEAD)
    unknown = sorted(set(numbers) - {one.number for one in dead})
    if unknown:
        told = _("No notice that could not be delivered has the number {numbers}.")
        raise UsageError(
            told.format(numbers=", ".join(map(str, unknown))),
            hint=_("See them with: secaudit notices list"),
        )
    return [one for one in dead if not numbers or one.number in numbers]


def refuse_without_settings(workspace: Path) -> None:
    """Raises UsageError where nobody is to be told, ContentError where the settings are wrong."""
    if load_notices(workspace) is None:
        raise UsageError(
            _("Nobody is told of anything: secaudit.yaml has no notices:."),
            hint=_("docs/notices.md shows what to write."),
        )
