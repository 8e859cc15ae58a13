"""Whether secrets lie where they should not: plain passwords in files, private keys that others can read."""

import os
import re
import shlex
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from secaudit.handover.subjects import FOLDERS
from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, unknown, warn

KEYS: Final = "keys"
OLD: Final = timedelta(days=730)
LOOKED_AT_BYTES: Final = 1_000_000
_PRIVATE: Final = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")
_PLAIN: Final = re.compile(
    r"""(?im)(?:^|[{,])[ \t#-]*["']?[\w.]*(?:password|passphrase|passwd|secret|token|口令|密码)["']?"""
    r"""[ \t]*[:：=][ \t]*("[^"\n]*"|'[^'\n]*'|[^,}#\n]+)"""
)
_REFERENCE: Final = re.compile(r"(?:env:|file:).*|agent|prompt|none|null|true|false|~|[\[{|>].*|")
_TEXTS: Final = (".yaml", ".yml", ".json", ".txt", ".csv", ".env", ".cfg", ".ini", ".sh", ".conf", ".service")
# what a person writes as settings: neither what we write nor what people answer or decide in words
_SKIPPED: Final = (".git", "reports", "content", "checks", KEYS, "evidence", *FOLDERS)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file that a setting names as a key or a password; ``mode`` None where it is not there."""

    path: Path
    mode: int | None
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class Secrets:
    """``private``: private keys below the workspace outside ``keys/``; ``plain``: file and line of a plain secret."""

    keys: tuple[KeyFile, ...] = ()
    private: tuple[str, ...] = ()
    plain: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()
    modes: Mapping[str, int] = field(default_factory=dict)


def gather(workspace: Path, named: Iterable[Path]) -> Secrets:
    """``named``: the files that settings and register refer to as keys and secrets."""
    private, plain, unread = list[str](), list[tuple[str, int]](), list[str]()
    for path in _people_write(workspace):
        name = path.relative_to(workspace).as_posix()
        try:
            with path.open("rb") as stream:
                content = stream.read(LOOKED_AT_BYTES)
        except OSError:
            unread.append(name)
            continue
        if _PRIVATE.search(content):
            private.append(name)
        elif path.suffix in _TEXTS:
            plain += [(name, line) for line in plain_secrets(content.decode(errors="replace"))]
    keys = sorted({*named, *_in_keys(workspace)})
    return Secrets(tuple(map(_key_file, keys)), tuple(private), tuple(plain), tuple(unread))


def plain_secrets(text: str) -> list[int]:
    """Lines (from 1) that say a secret instead of a reference to one."""
    found = (
        match for match in _PLAIN.finditer(text) if not _REFERENCE.fullmatch(match[1].strip().strip("\"'"))
    )
    return [text.count("\n", 0, match.start(1)) + 1 for match in found]


def _people_write(workspace: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(workspace):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(files):
            path = Path(folder, name)
            if (
                path.is_file()
                and not path.is_symlink()
                and not name.startswith(("secaudit.db", "ledger.txt"))
            ):
                yield path


def _in_keys(workspace: Path) -> Iterator[Path]:
    folder = workspace / KEYS
    if folder.is_dir():
        yield from (
            path.resolve()
            for path in folder.iterdir()
            if path.is_file() and path.suffix not in (".crt", ".cer")
        )


def _key_file(path: Path) -> KeyFile:
    try:
        seen = path.stat()
    except OSError:
        return KeyFile(path, None, None)
    return KeyFile(path, stat.S_IMODE(seen.st_mode), datetime.fromtimestamp(seen.st_mtime, UTC))


def lines(facts: Secrets, now: datetime) -> Iterator[Line]:
    """What lies open, what is old, what cannot be had."""
    found = [*_of_files(facts), *_of_keys(facts.keys, now)]
    if not found:
        told = _(
            "no plain password or private key lies in a file of the workspace; {count} key files are private"
        )
        found = [ok(Topic.SECRETS, told.format(count=len(facts.keys)))]
    yield from found


def _of_files(facts: Secrets) -> Iterator[Line]:
    for name in facts.unread:
        yield unknown(
            Topic.SECRETS, _("{path} cannot be read").format(path=name), f"ls -l {shlex.quote(name)}"
        )
    for name, line in facts.plain:
        told = _("{path}:{line} seems to hold a password in plain").format(path=name, line=line)
        yield fail(Topic.SECRETS, told, _("write env:NAME or file:PATH there, and change the password"))
    for name in facts.private:
        told = _("{path} is a private key, in a folder that people share").format(path=name)
        fix = f"mkdir -p -m 700 keys && mv {shlex.quote(name)} keys/ && chmod 600 keys/*"
        yield fail(Topic.SECRETS, told, fix)


def _of_keys(keys: Iterable[KeyFile], now: datetime) -> Iterator[Line]:
    for key in keys:
        name = shlex.quote(str(key.path))
        if key.mode is None or key.changed is None:
            told = _("{path} is named as a key or a password and is not there").format(path=key.path)
            yield fail(Topic.SECRETS, told, f"ls -l {name}")
        elif key.mode & 0o077:
            told = _("others can read or change the key {path} (mode {mode})")
            yield fail(Topic.SECRETS, told.format(path=key.path, mode=f"{key.mode:04o}"), f"chmod 600 {name}")
        elif now - key.changed > OLD:
            told = _("the key {path} is {days} days old")
            told = told.format(path=key.path, days=(now - key.changed).days)
            yield warn(Topic.SECRETS, told, _("make a new one and bring its public half to the assets"))
