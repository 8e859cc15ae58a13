"""``secaudit ledger``: what happened to the workspace, and whether the record of it is whole."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from secaudit.assess.finding_state import is_as_told
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_words import act_words
from secaudit.cli.groups import Group
from secaudit.cli.recorded import ledger_of, subjects_in
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import command
from secaudit.errors import UsageError
from secaudit.handover.chain import Chain, anchor_of, written
from secaudit.handover.entry import Change, Entry, Head
from secaudit.handover.ledger import differences
from secaudit.language import _
from secaudit.model.run import RunState
from secaudit.register import load_settings
from secaudit.store import is_absent, open_store
from secaudit.store.codec import Unreadable

ANCHOR_BYTES = 1_000_000
ACTS = ("attestation", "acceptance", "risk", "package", "finding", "outside-report", "rectification-notice")


@click.group(cls=Group, help=_("What happened to the workspace, in a chain in which no change goes unseen."))
def ledger() -> None:
    """The group."""


@ledger.command("show", help=_("Show the entries of the ledger."))
@click.option("--kind", help=_("Only entries of this kind (run, judgement, attestation …)."))
@format_option
@click.pass_obj
def show(workspace: Path, kind: str | None, output_format: str) -> int:
    """The command."""
    entries, chain = ledger_of(workspace).entries()
    show_rows(_columns(), [_row(one) for one in entries if kind in (None, one.kind)], output_format)
    if chain.fault:
        _tell_fault(chain)
        return ExitCode.FINDINGS
    return ExitCode.CLEAN


@ledger.command(
    "verify",
    epilog=_("Exit code 1: something was changed."),
    help=_("Follow the chain, and hold it against the workspace and noted heads."),
)
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar=_("HEAD|FILE"),
    help=_("A head noted earlier, or a file that carries one, a package's manifest.json (repeatable)."),
)
@click.pass_obj
def verify(workspace: Path, anchors: tuple[str, ...]) -> int:
    """The command."""
    book = ledger_of(workspace)
    chain = book.check([_anchor(text) for text in anchors])
    entries, _chain = book.entries()
    with subjects_in(workspace) as subjects:
        others = [*_rewritten(entries), *_told(differences(entries, subjects)), *_astray(workspace)]
    for line in others:
        click.echo(printable(line))
    if chain.torn:
        click.echo(_("The last line was cut off while it was written; the next command enters it again."))
    if chain.fault:
        _tell_fault(chain)
        return ExitCode.FINDINGS
    click.echo(_("The chain of {count} entries is whole.").format(count=chain.head.entries))
    if pruned := sum(entry.change is Change.PRUNED for entry in entries):
        told = _("{count} of them say that something was pruned; its digest stays on record.")
        click.echo(told.format(count=pruned))
    click.echo(_("head: {head}").format(head=written(chain.head)))
    if not anchors:
        told = _("Nothing tells a cut tail or a ledger written anew without a head from before: {command}")
        click.echo(told.format(command=command(workspace, "ledger verify --anchor HEAD")))
    return ExitCode.FINDINGS if others else ExitCode.CLEAN


def _rewritten(entries: Iterable[Entry]) -> Iterable[str]:
    """Acts of people are never changed nor taken away by a command: one act is put on record after another."""
    words = {
        Change.CHANGED: _("entry {n}: {kind} {id} was changed after it was entered"),
        Change.GONE: _("entry {n}: {kind} {id} was taken away after it was entered"),
    }
    for entry in entries:
        if entry.kind in ACTS and entry.change in words:
            kind = _kinds().get(entry.kind, entry.kind)
            yield words[entry.change].format(n=entry.n, kind=kind, id=entry.id)


def _astray(workspace: Path) -> Iterable[str]:
    """Findings whose state somebody changed past their history, or so that it is none."""
    database = load_settings(workspace).database
    if is_absent(database):
        return
    with open_store(database) as store:
        try:
            for finding in store.findings.all_with_history():
                if not is_as_told(finding):
                    told = _("finding {number} is not in the state that its history led to")
                    yield told.format(number=finding)
        except Unreadable as error:
            yield _("findings cannot be held against their histories: {reason}").format(reason=error)


def _anchor(text: str) -> Head:
    """Raises UsageError."""
    found = anchor_of(text) or _anchor_in(Path(text))
    if found is None:
        raise UsageError(
            _("{text} is no head of a ledger.").format(text=text),
            hint=_("Give what ledger verify printed as head, or the manifest.json of a package."),
        )
    return found


def _anchor_in(file: Path) -> Head | None:
    try:
        with file.open("rb") as stream:
            text = stream.read(ANCHOR_BYTES).decode()
        said = json.loads(text)
        return anchor_of(said["ledger"]) if isinstance(said, dict) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _told(changes: Iterable[tuple[Change, str, str]]) -> Iterable[str]:
    words = {
        Change.ENTERED: _("{kind} {id} is not entered yet"),
        Change.CHANGED: _("{kind} {id} is not what was entered"),
        Change.GONE: _("{kind} {id} was entered and is gone"),
    }
    for change, kind, id_ in changes:
        yield words[change].format(kind=_kinds().get(kind, kind), id=id_)


def _tell_fault(chain: Chain) -> None:
    if chain.fault:
        told = _("The chain is broken at entry {entry}: {reason}.")
        click.echo(told.format(entry=chain.fault.entry, reason=chain.fault.reason), err=True)


def _kinds() -> dict[str, str]:
    return {
        "run": _("run"),
        "judgement": _("judgement"),
        "authorisation": _("authorisation"),
        "attestation": _("attestation"),
        "acceptance": _("acceptance"),
        "risk": _("risk decision"),
        "package": _("sealed package"),
        "finding": _("change of findings"),
        "followed": _("run that findings have heard of"),
        "outside-report": _("report from outside"),
        "rectification-notice": _("rectification notice"),
        "host-keys": _("trusted host keys"),
    }


def _columns() -> tuple[Column, ...]:
    changes = {
        Change.ENTERED.value: _("entered"),
        Change.CHANGED.value: _("changed"),
        Change.GONE.value: _("gone"),
        Change.PRUNED.value: _("pruned"),
    }
    states = {
        RunState.COMPLETE.value: _("complete"),
        RunState.INTERRUPTED.value: _("interrupted"),
    } | act_words()
    return (
        Column("entry", _("entry"), right=True),
        Column("time", _("time")),
        Column("kind", _("kind"), words=_kinds()),
        Column("id", _("subject"), fold=True),
        Column("change", _("change"), words=changes),
        Column("told", _("State"), words=states),
        Column("digest", "SHA-256", fold=True),
    )


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry.n,
        "time": entry.time,
        "kind": entry.kind,
        "id": entry.id,
        "change": entry.change.value,
        "told": entry.told,
        "digest": entry.digest,
    }
