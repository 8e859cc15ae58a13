"""Whether every asset that is reached by SSH has a host key that somebody trusted."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, unknown, warn


@dataclass(frozen=True, slots=True)
class HostKeys:
    """``without``: assets by SSH without a trusted key, of ``assets`` such ones; ``reason``: why it cannot be read."""

    path: Path
    mode: int | None
    assets: int
    without: tuple[str, ...] = ()
    reason: str = ""


def lines(facts: HostKeys, command: str) -> Iterator[Line]:
    """``command`` is the one that shows and trusts keys."""
    if facts.reason:
        fix = f"ls -l {shlex.quote(str(facts.path))}"
        yield unknown(
            Topic.HOST_KEYS, _("known_hosts cannot be read: {reason}").format(reason=facts.reason), fix
        )
        return
    if facts.mode is not None and facts.mode & 0o022:
        told = _("others may change {path}: they could put their own machine in place of an asset")
        yield fail(Topic.HOST_KEYS, told.format(path=facts.path), f"chmod 600 {shlex.quote(str(facts.path))}")
    if facts.without:
        told = _("{count} of {all} assets by SSH have no trusted host key: {names}")
        names = ", ".join(facts.without[:3]) + (" …" if len(facts.without) > 3 else "")
        told = told.format(count=len(facts.without), all=facts.assets, names=names)
        yield warn(Topic.HOST_KEYS, told, command)
    elif facts.assets:
        told = _("all {count} assets by SSH have a trusted host key")
        yield ok(Topic.HOST_KEYS, told.format(count=facts.assets))
    else:
        yield ok(Topic.HOST_KEYS, _("no asset is reached by SSH"))
