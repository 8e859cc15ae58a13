"""Credentials by reference: ``env:NAME``, ``file:PATH``, ``prompt``. Values are kept here and shown nowhere."""

import errno
import os
import shlex
import stat
import threading
from collections.abc import Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any, TypeVar

from secaudit.errors import TransportError, TransportReason, UsageError
from secaudit.language import _
from secaudit.model.register import Asset, Hop, Reach, Sudo

SECRET_LIMIT_BYTES = 65_536
PROMPT = "prompt"

T = TypeVar("T")

# kind (``password``, ``passphrase``, ``sudo password``; ``password:gate`` of a jump host) → what the person typed
Ask = Callable[[str], str]


class Secrets:
    """The secrets that the assets of a run refer to, for all its visits.

    Values of ``env:`` leave ``environ`` at once, so that no program we start inherits them; ``prompt`` asks
    once for each kind, before the first visit.
    """

    def __init__(
        self, assets: Iterable[Asset], environ: MutableMapping[str, str], ask: Ask | None = None
    ) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._derived: dict[tuple[str, ...], Any] = {}
        self._lock = threading.Lock()
        named = sorted({pair for asset in assets for pair in _references(asset)})
        for kind, reference in named:
            name = reference.removeprefix("env:")
            if name != reference and name in environ:
                self._known[kind, reference] = environ[name]
            elif reference == PROMPT and ask is not None:
                self._known[kind, reference] = ask(kind)
        for _kind, reference in named:
            if reference.startswith("env:"):
                environ.pop(reference.removeprefix("env:"), None)

    def __repr__(self) -> str:
        return "Secrets(…)"

    def value(self, kind: str, reference: str, asset_id: str) -> str:
        """The secret that is meant. Raises TransportError (credential_missing) naming the reference."""
        path = reference.removeprefix("file:")
        if path != reference:
            return _from_file(Path(path).expanduser(), reference, asset_id)
        if (kind, reference) not in self._known:
            raise missing(asset_id, reference, _("it is not set"))
        return self._known[kind, reference]

    def derived(self, references: tuple[str, ...], make: Callable[[], T]) -> T:
        """What is made of secrets at some cost (a key decrypted by its passphrase), made once for all visits."""
        with self._lock:
            if references not in self._derived:
                self._derived[references] = make()
            made: T = self._derived[references]
            return made


def missing(asset_id: str, reference: str, why: str, hint: str | None = None) -> TransportError:
    """The error of a credential that cannot be had."""
    message = _("{asset}: credential {reference}: {why}.").format(
        asset=asset_id, reference=reference, why=why
    )
    return TransportError(TransportReason.CREDENTIAL_MISSING, asset_id, message, hint=hint)


def password_of(login: Reach | Hop) -> tuple[str, str]:
    """Kind and reference of the password; what is typed for a jump host counts there only."""
    return _kind("password", login), login.password


def passphrase_of(login: Reach | Hop) -> tuple[str, str]:
    """Kind and reference of the passphrase of the key."""
    return _kind("passphrase", login), login.passphrase


def _kind(name: str, login: Reach | Hop) -> str:
    return f"{name}:{login.id}" if isinstance(login, Hop) else name


def _references(asset: Asset) -> Iterable[tuple[str, str]]:
    logins: tuple[Reach | Hop, ...] = (*asset.reach.jump, asset.reach)
    for login in logins:
        pairs = (("key", login.key), passphrase_of(login), password_of(login))
        yield from ((kind, reference) for kind, reference in pairs if reference)
    if asset.reach.sudo is Sudo.PASSWORD:
        yield asset.reach.password_of_sudo


def _from_file(path: Path, reference: str, asset_id: str) -> str:
    try:
        return read_private(path)
    except UsageError as error:
        raise missing(asset_id, reference, str(error), error.hint) from error


def read_private(path: Path) -> str:
    """The text of a file that only its owner may read, without the line end (as ssh(1) demands of keys).

    Raises UsageError with the reason alone.
    """
    try:
        with os.fdopen(_opened(path), "rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            content = stream.read(SECRET_LIMIT_BYTES + 1)
    except OSError as error:
        raise UsageError(error.strerror or _("it cannot be read")) from error
    if mode & 0o077:
        hint = f"chmod 600 {shlex.quote(str(path))}"
        raise UsageError(_("others may read it (mode {mode:o})").format(mode=mode), hint=hint)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise UsageError(_("it is not UTF-8 text")) from error
    if not text.strip() or len(content) > SECRET_LIMIT_BYTES:
        raise UsageError(_("it is empty or too large"))
    return text.removesuffix("\n").removesuffix("\r")


def _opened(path: Path) -> int:
    """Open without waiting: a FIFO in place of a file must not stop the run."""
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError(errno.EINVAL, _("it is not a regular file"))
    return opened
