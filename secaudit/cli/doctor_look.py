"""What doctor looks at: every topic, whatever is wrong with another one."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from secaudit import clock
from secaudit.cli.content_source import content_of
from secaudit.cli.doctor_nights import look_at_nights
from secaudit.cli.recorded import ledger_of
from secaudit.cli.sealing import agencies_of
from secaudit.cli.wiring import Workspace, command, open_workspace, versions_of
from secaudit.content import Content
from secaudit.errors import ContentError, SecauditError, StoreError
from secaudit.handover.certificate import Algorithm, Certificate, read_certificate
from secaudit.language import _
from secaudit.model.nightly import WATCH_DATABASE
from secaudit.model.register import Asset
from secaudit.notify import doctor as notices
from secaudit.plugins import load_plugins
from secaudit.register.times import in_zone
from secaudit.store import Form, Store, StoredRun, file_of
from secaudit.transport.credentials import logins_of
from secaudit.transport.known_hosts import KnownHosts, host_name
from secaudit.upkeep.doctor import (
    Line,
    Topic,
    backup,
    content,
    database,
    disk,
    expiry,
    host_keys,
    permissions,
    programs,
    secrets,
)
from secaudit.upkeep.doctor import clock as clocks
from secaudit.upkeep.doctor import ledger as chained
from secaudit.upkeep.doctor.line import fail, ok, unknown
from secaudit.upkeep.notes import read_notes
from secaudit.upkeep.stock import files_below

RUNS_LOOKED_AT: Final = 500
KNOWN_HOSTS: Final = "known_hosts"


def look(workspace: Path) -> Iterator[Line]:
    """Topic by topic; one that cannot be looked at says so."""
    try:
        opened = open_workspace(workspace)
    except SecauditError as error:
        first, *others = str(error).splitlines()
        told = (
            first
            if not others
            else _("{problem} (and {count} more)").format(problem=first, count=len(others))
        )
        yield fail(Topic.SETTINGS, told, error.hint or command(workspace, "system validate"))
        yield from permissions.lines(permissions.gather(workspace)) if workspace.is_dir() else ()
        rest = _("database, backups, schedule and what else the settings name were not looked at")
        yield unknown(Topic.SETTINGS, rest, command(workspace, "doctor"))
        return
    yield ok(Topic.SETTINGS, _("settings and register can be read"))
    yield from _opened(opened, clock.now())


def _opened(opened: Workspace, now: datetime) -> Iterator[Line]:
    told = partial(command, opened.folder)
    yield from permissions.lines(permissions.gather(opened.folder))
    yield from secrets.lines(secrets.gather(opened.folder, secret_files(opened)), now)
    yield from host_keys.lines(_host_keys(opened), told("hostkeys trust"))
    notes = read_notes(opened.folder)
    kept = database.gather(opened.settings.database)
    yield from database.lines(kept, told("restore FILE DIR"))
    yield from _of_the_watch(opened.folder, told("restore FILE DIR"))
    whole = kept.error is None and not kept.damage and kept.form is Form.CURRENT
    yield from chained.lines(
        chained.gather(ledger_of(opened.folder), notes),
        now,
        told("ledger verify"),
        told(f"backup {_('FILE')}"),
    )
    yield from _with_runs(opened, now, whole=whole)
    limit = opened.settings.backups.days if opened.settings.backups else backup.DAYS
    check = told(f"backup --check {shlex.quote(notes.backup)}")
    yield from backup.lines(backup.gather(notes, limit), now, told(f"backup {_('FILE')}"), check)
    yield from look_at_nights(opened, now)
    queue = (told("notices list"), told("notices send"), told("notices retry"))
    yield from notices.lines(notices.gather(opened.folder, opened.register), now, *queue)
    yield from expiry.lines(_expiring(opened), now)
    yield from programs.lines(_programs(opened))
    yield programs.python_line(sys.version_info[:2], in_zone(now).date())


def _of_the_watch(folder: Path, restore: str) -> Iterator[Line]:
    """Of the nights of heavy protection, where there were any."""
    if (file := folder / WATCH_DATABASE).is_file():
        for line in database.lines(database.gather(f"sqlite:///{file.resolve()}"), restore):
            yield replace(line, told=f"{WATCH_DATABASE}: {line.told}")


def _with_runs(opened: Workspace, now: datetime, *, whole: bool) -> Iterator[Line]:
    """What rests on the runs that are stored."""
    told = partial(command, opened.folder)
    found: Content | None = None
    try:
        found = content_of(opened.folder)
        seen = content.ContentSeen(len(found.checks), broken=_broken(found))
    except ContentError as error:
        seen = content.ContentSeen(error=str(error))
    runs: tuple[StoredRun, ...] = ()
    if whole:
        with opened.open_store() as store:
            runs = store.runs()
            if found is not None:
                seen = _judged(opened, store, runs, found, seen)
    moments = [run.started_at for run in runs[:RUNS_LOOKED_AT]]
    yield from disk.lines(disk.gather(_disk(opened), _used_bytes(opened), moments), told("prune --dry-run"))
    newest = max((run.ended_at or run.started_at for run in runs), default=None)
    yield from clocks.lines(clocks.Clock(now, clocks.is_synchronised(), newest))
    yield from content.lines(seen, told("judge"))


def _judged(
    opened: Workspace, store: Store, runs: tuple[StoredRun, ...], found: Content, seen: content.ContentSeen
) -> content.ContentSeen:
    """Of each system the newest run: what judged it."""
    newest = {
        system.id: next((run for run in runs if system.id in run.systems), None)
        for system in opened.register.systems
    }
    today = versions_of(found)
    outdated = []
    for run_id in dict.fromkeys(run.id for run in newest.values() if run):
        try:
            if not store.latest_judgement(run_id).versions.judge_like(today):
                outdated.append(run_id)
        except StoreError:  # written by another version: certainly not judged by this one
            outdated.append(run_id)
    return content.ContentSeen(seen.checks, seen.error, seen.broken, len(newest), tuple(outdated))


def _broken(found: Content) -> tuple[str, ...]:
    return tuple(str(one) for one in load_plugins().versions_with(found) if one.reason)


def _disk(opened: Workspace) -> Path:
    file = file_of(opened.settings.database)
    return file.parent if file else opened.folder


def _used_bytes(opened: Workspace) -> int:
    try:
        return sum(seen.st_size for _path, seen in files_below(opened.folder))
    except SecauditError:  # the permissions say so
        return 0


def secret_files(opened: Workspace) -> set[Path]:
    """The files that settings and register refer to as keys and secrets."""
    logins = [login for asset in _assets(opened) for _name, login in logins_of(asset)]
    named = [text for login in logins for text in (login.key, login.password)]
    named += [asset.reach.sudo_password for asset in _assets(opened)]
    sealing, backups = opened.settings.sealing, opened.settings.backups
    named += [sealing.password] if sealing else []
    named += [backups.passphrase] if backups else []
    if told := opened.settings.notices:
        named += [told.mail.password] if told.mail else []
        named += [told.webhook.key] if told.webhook else []
    paths = {Path(text.removeprefix("file:")).expanduser() for text in named if text.startswith("file:")}
    return {(opened.folder / path).resolve() for path in paths} | ({sealing.key} if sealing else set())


def _assets(opened: Workspace) -> list[Asset]:
    return [asset for system in opened.register.systems for asset in system.assets]


def _host_keys(opened: Workspace) -> host_keys.HostKeys:
    path = opened.folder / KNOWN_HOSTS
    by_ssh = [asset for asset in _assets(opened) if asset.reach.transport == "ssh"]
    try:
        known = KnownHosts(path)
        without = [a.id for a in by_ssh if not known.keys_of(host_name(a.address, a.reach.port))]
        mode = path.stat().st_mode & 0o777 if path.exists() else None
    except (SecauditError, OSError) as error:
        return host_keys.HostKeys(path, None, len(by_ssh), reason=str(error))
    return host_keys.HostKeys(path, mode, len(by_ssh), tuple(without))


def _expiring(opened: Workspace) -> Iterator[expiry.Expiring]:
    if sealing := opened.settings.sealing:
        yield _certificate(_("the certificate that seals packages"), sealing.certificate)
    if opened.settings.backups and (certificate := opened.settings.backups.certificate):
        yield _certificate(_("the certificate that backups are encrypted to"), certificate)
    for agency in agencies_of(opened.folder).values():
        if agency.certificate:
            what = _("the certificate of agency {id}").format(id=agency.id)
            yield _certificate(what, opened.folder / agency.certificate)
    for system in opened.register.systems:
        ends = [
            a.valid_until
            for a in opened.register.authorisations
            if system.id in a.systems and not a.revoked_at
        ]
        if ends:
            what = _("the authorisation to scan system {id}").format(id=system.id)
            renew = command(opened.folder, f"authorise add --system {system.id} --until DATE …")
            yield expiry.Expiring(what, max(ends), renew)


def _certificate(what: str, file: Path) -> expiry.Expiring:
    renew = _("have a new one issued: docs/handover.md")
    try:
        return expiry.Expiring(what, read_certificate(file).valid_until, renew)
    except SecauditError as error:
        return expiry.Expiring(what, None, renew, str(error))


def _programs(opened: Workspace) -> programs.Programs:
    sealing = opened.settings.sealing
    return programs.Programs(
        fonts=programs.has_chinese_font(),
        nmap=shutil.which("nmap") is not None,
        sm2=programs.has("tongsuopy"),
        pdf=programs.has("weasyprint"),
        scans_ports=any(item.port_scan for item in opened.register.authorisations),
        seals_sm2=bool(sealing) and _algorithm(sealing.certificate) is Algorithm.SM2 if sealing else False,
    )


def _algorithm(file: Path) -> Algorithm | None:
    try:
        found: Certificate = read_certificate(file)
    except SecauditError:  # it is among what expires
        return None
    return found.algorithm
