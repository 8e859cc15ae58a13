"""Whether others on this machine can read or change what the workspace holds."""

import os
import shlex
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, unknown, warn

SHOWN: Final = 3
# what may be public by its nature: it belongs into the office's repository
SHARED: Final = (".git",)


@dataclass(frozen=True, slots=True)
class Seen:
    """A file or folder: path in the workspace ("" for itself), its mode without the type, and its owner."""

    path: str
    mode: int
    uid: int
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Permissions:
    """``entered``: others can come as far as the workspace. ``unread``: folders that could not be looked into."""

    folder: Path
    entered: bool
    user: int
    seen: tuple[Seen, ...]
    unread: tuple[str, ...] = ()


def gather(workspace: Path) -> Permissions:
    """Everything in the workspace; links are not followed."""
    seen, unread = list[Seen](), list[str]()
    _walk(workspace, workspace, seen, unread)
    way = [workspace.resolve(), *workspace.resolve().parents]
    entered = all(_mode(folder) & stat.S_IXOTH for folder in way)
    return Permissions(workspace, entered, os.geteuid(), tuple(seen), tuple(unread))


def _walk(place: Path, workspace: Path, seen: list[Seen], unread: list[str]) -> None:
    name = place.relative_to(workspace).as_posix().removeprefix(".") if place == workspace else ""
    name = name or (place.relative_to(workspace).as_posix() if place != workspace else "")
    try:
        found = place.lstat()
        folder = stat.S_ISDIR(found.st_mode)
        if stat.S_ISLNK(found.st_mode):
            return
        seen.append(Seen(name, stat.S_IMODE(found.st_mode), found.st_uid, folder))
        inside = sorted(place.iterdir()) if folder and place.name not in SHARED else []
    except FileNotFoundError:
        return
    except OSError:
        unread.append(name or ".")
        return
    for path in inside:
        _walk(path, workspace, seen, unread)


def _mode(folder: Path) -> int:
    try:
        return folder.stat().st_mode
    except OSError:
        return 0


def lines(facts: Permissions) -> Iterator[Line]:
    """Who can write, who can read, who owns."""
    if facts.unread:
        told = _("these could not be looked into: {names}").format(names=_few(facts.unread))
        yield unknown(Topic.PERMISSIONS, told, f'sudo chown -R "$(id -un)" {_quoted(facts.folder)}')
    found = [*_written(facts), *_read(facts), *_owned(facts)]
    if not found and not facts.unread:
        told = _("nobody else can read or change what the workspace holds ({count} files)")
        found = [ok(Topic.PERMISSIONS, told.format(count=len(facts.seen)))]
    yield from found


def _written(facts: Permissions) -> Iterator[Line]:
    open_ones = [one.path or "." for one in facts.seen if one.mode & (stat.S_IWGRP | stat.S_IWOTH)]
    if open_ones:
        told = _("others may change {names}").format(names=_few(open_ones))
        yield fail(Topic.PERMISSIONS, told, f"chmod -R go-w {_quoted(facts.folder)}")


def _read(facts: Permissions) -> Iterator[Line]:
    """Files below a folder that lets nobody else in are not open, whatever their mode."""
    if not facts.entered:
        return
    shut = {one.path for one in facts.seen if one.folder and not one.mode & stat.S_IXOTH}
    open_ones = [
        one.path
        for one in facts.seen
        if not one.folder and one.mode & stat.S_IROTH and not shut & set(_above(one.path))
    ]
    if open_ones:
        told = _("everybody on this machine can read {count} files: {names}")
        told = told.format(count=len(open_ones), names=_few(open_ones))
        yield fail(Topic.PERMISSIONS, told, f"chmod -R go-rwx {_quoted(facts.folder)}")


def _above(path: str) -> Iterator[str]:
    for parent in Path(path).parents:
        yield parent.as_posix().removeprefix(".")


def _owned(facts: Permissions) -> Iterator[Line]:
    owners = {one.uid for one in facts.seen}
    if len(owners) > 1:
        own = next(one.uid for one in facts.seen if not one.path)
        others = [one.path for one in facts.seen if one.uid != own]
        told = _("{count} files belong to somebody else than the workspace does: {names}")
        fix = f"sudo chown -R --reference={_quoted(facts.folder)} {_quoted(facts.folder)}"
        yield warn(Topic.PERMISSIONS, told.format(count=len(others), names=_few(others)), fix)


def _few(names: Iterable[str]) -> str:
    every = list(names)
    shown = ", ".join(every[:SHOWN])
    return shown if len(every) <= SHOWN else f"{shown} …"


def _quoted(folder: Path) -> str:
    return shlex.quote(str(folder))
