"""What is wrong on this side before anything is contacted: permission, credentials, database, disk, nmap, clock."""

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from secaudit.audit.findings import Finding, Fix, Topic, Weight, here, person
from secaudit.audit.reach_findings import unnamed
from secaudit.errors import SecauditError, StoreError, TransportError
from secaudit.language import _
from secaudit.model.register import Asset, Hop, Reach
from secaudit.register.times import shown
from secaudit.store import Form, file_of, look_at, open_store
from secaudit.transport import Secrets
from secaudit.transport.credentials import credential_faults, logins_of

# A first visit stores a tenth of a MiB, reports and the journal of the database take the rest.
MIB: Final = 1_048_576
ROOM_BYTES: Final = 64 * MIB
ROOM_FOR_ASSET_BYTES: Final = MIB
# Two machines that share a database may be so far apart.
CLOCK_APART: Final = timedelta(minutes=1)


def not_allowed(missing: Mapping[str, SecauditError], weight: Weight = Weight.BLOCKS) -> Iterator[Finding]:
    """Asset → why it must not be scanned now; the same reason is told once.

    It lacks where others of the system are allowed: they are scanned, and it is a gap.
    """
    for message, hint in dict.fromkeys((str(error), error.hint) for error in missing.values()):
        fixes = (person(hint),) if hint else ()
        yield Finding(weight, Topic.AUTHORISATION, message, fixes)


def credentials(assets: Iterable[Asset], secrets: Secrets) -> Iterator[Finding]:
    """Credentials that cannot be had, each once with the assets that name it."""
    faults: dict[tuple[str, str], tuple[Finding, list[str]]] = {}
    for asset in assets:
        for name, login in logins_of(asset):
            for kind, error in credential_faults(name, login, secrets):
                problem = unnamed(name, str(error))
                finding = Finding(Weight.LACKS, Topic.CREDENTIAL, problem, tuple(_give(login, kind, error)))
                faults.setdefault((kind, problem), (finding, []))[1].append(name)
    for finding, names in faults.values():
        several = _few(list(dict.fromkeys(names)))  # a jump host stands before many assets
        told = _("{problem} ({assets})").format(problem=finding.problem, assets=several)
        yield Finding(finding.weight, finding.topic, told, finding.fixes)


def _few(names: list[str]) -> str:
    shown_names = ", ".join(names[:6])
    left = len(names) - 6
    return shown_names if left <= 0 else _("{names} and {count} more").format(names=shown_names, count=left)


def _give(login: Reach | Hop, kind: str, error: TransportError) -> Iterator[Fix]:
    """How a credential is given: the error's own next step where it has one."""
    named = {"key": login.key, "password": login.password}
    if isinstance(login, Reach):
        named["sudo password"] = login.sudo_password
    reference = named.get(kind, kind)
    if error.hint:
        yield here(error.hint) if error.hint.startswith("chmod ") else person(error.hint)
    elif kind == "agent":
        yield here('eval "$(ssh-agent)" && ssh-add')
    elif reference.startswith("env:"):
        name = reference.removeprefix("env:")
        yield here(f"read -rs {name} && export {name}")
    elif reference.startswith("file:"):
        yield _write_file(Path(reference.removeprefix("file:")).expanduser(), kind)
    else:
        yield person(_("Start it from a terminal: the secret is asked for there."))


def _write_file(path: Path, kind: str) -> Fix:
    file = shlex.quote(str(path))
    if path.exists():
        return here(f"ls -l {file}")
    if kind == "key":
        return here(f"ssh-keygen -t ed25519 -f {file}")
    return here(f"install -m 600 /dev/null {file} && ${{EDITOR:-vi}} {file}")


def database(url: str, now: datetime) -> Iterator[Finding]:
    """Whether the database opens, is of today's form, and knows nothing from the future."""
    try:
        form = look_at(url)
        if form is Form.CURRENT:
            yield from _from_the_future(url, now)
    except StoreError as error:
        yield Finding(Weight.BLOCKS, Topic.DATABASE, str(error), (person(error.hint),) if error.hint else ())
        return
    if form is Form.OLDER:
        problem = _("the database is of an older form; the next scan brings it up to date")
        yield Finding(Weight.NOTE, Topic.DATABASE, problem, tuple(_copy_first(url)))


def _copy_first(url: str) -> Iterator[Fix]:
    if file := file_of(url):
        name = shlex.quote(str(file))
        yield here(f'sqlite3 {name} ".backup {name}.before"')


def _from_the_future(url: str, now: datetime) -> Iterator[Finding]:
    with open_store(url) as store:
        newest = max((run.started_at for run in store.runs()), default=now)
    if newest > now + CLOCK_APART:
        problem = _("the newest run began at {moment}, which is still to come: this machine's clock is wrong")
        yield Finding(
            Weight.BLOCKS,
            Topic.OWN_CLOCK,
            problem.format(moment=shown(newest)),
            (here("timedatectl; date -u"),),
        )


def disk(workspace: Path, database_url: str, assets: int) -> Iterator[Finding]:
    """Folders on whose disk there is too little room for a run of that many assets."""
    need = ROOM_BYTES + assets * ROOM_FOR_ASSET_BYTES
    for folder in _written(workspace, database_url):
        try:
            found = os.statvfs(folder)
        except OSError as error:
            yield Finding(Weight.BLOCKS, Topic.DISK, f"{folder}: {error.strerror}")
            continue
        free = found.f_bavail * found.f_frsize
        if free < need:
            problem = _("{folder}: {free} MiB are free, a run of {count} assets wants {need} MiB")
            told = problem.format(folder=folder, free=free // MIB, count=assets, need=need // MIB)
            look = here(f"du -xh {shlex.quote(str(folder))} | sort -h | tail")
            yield Finding(Weight.BLOCKS, Topic.DISK, told, (look,))


def folders(workspace: Path, database_url: str) -> Iterator[Finding]:
    """Folders that a scan and its reports write to and that refuse it."""
    for folder in _written(workspace, database_url):
        if not os.access(folder, os.W_OK | os.X_OK):
            name = shlex.quote(str(folder))
            problem = _("{folder} cannot be written").format(folder=folder)
            mend = here(f'sudo chown "$(id -un)" {name} && chmod u+rwx {name}')
            yield Finding(Weight.BLOCKS, Topic.FOLDER, problem, (mend,))


def _written(workspace: Path, database_url: str) -> tuple[Path, ...]:
    """Where reports and the database go, each once."""
    file = file_of(database_url)
    reports = workspace / "reports"
    places = [reports if reports.exists() else workspace, *([file.parent] if file else [])]
    return tuple(dict.fromkeys(place.resolve() for place in places))


def nmap(checks: tuple[str, ...], available: bool) -> Iterator[Finding]:
    """These checks rest on a port scan that is authorised, and there is nothing to do it with."""
    if checks and not available:
        problem = _("a port scan is authorised, and nmap is missing here")
        yield Finding(Weight.LACKS, Topic.NMAP, problem, (here("apt-get install nmap"),), checks)
