"""Whether root is had as the register declares, and what mends it."""

import re
import shlex
from collections.abc import Iterator

from secaudit.audit.findings import Finding, Fix, Topic, Weight, as_root, person
from secaudit.audit.stakes import Stakes
from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.register import Asset

SUDOERS_FILE = "/etc/sudoers.d/secaudit"


def root_findings(asset: Asset, gap: Gap | None, stakes: Stakes) -> Iterator[Finding]:
    """The finding of an asset whose question to root was answered with that gap (None: it was answered)."""
    checks = stakes.on_root()
    if gap is None or not checks:
        return
    if gap.reason is GapReason.NEEDS_ROOT:
        problem = _("no sudo is declared: what needs root stays unknown")
        declare = person(
            _("To have them judged: sudo: all under reach: in systems/*.yaml, and on the asset:")
        )
        yield Finding(Weight.NOTE, Topic.SUDO, problem, (declare, _allow(asset)), checks)
    else:
        said = gap.detail.strip() or gap.reason.value
        problem = _("no root: {said}").format(said=said)
        yield Finding(Weight.LACKS, Topic.SUDO, problem, tuple(_fixes(asset, gap)), checks)


def _fixes(asset: Asset, gap: Gap) -> Iterator[Fix]:
    user = shlex.quote(asset.reach.user)
    if gap.reason is GapReason.SUDO_REQUIRES_TTY:
        yield _append(f"Defaults:{asset.reach.user} !requiretty")
    elif gap.reason is GapReason.NO_TOOL:
        yield as_root("apt-get install sudo || dnf install sudo || zypper install sudo || apk add sudo")
    elif re.search(r"expired|change your password", gap.detail):
        yield as_root(f"passwd {user}")
        yield as_root(f"chage -d $(date +%F) -M -1 -E -1 {user}")
    elif re.search(r"account validation failure|locked", gap.detail):
        yield as_root(f"usermod -U {user}")
        yield as_root(f"chage -E -1 {user}")
    elif gap.reason is GapReason.SUDO_REFUSED:
        yield _allow(asset)
    else:
        yield as_root("journalctl -n 20 -t sudo || grep sudo /var/log/auth.log /var/log/secure | tail -n 20")


def _allow(asset: Asset) -> Fix:
    return _append(f"{asset.reach.user} ALL=(root) NOPASSWD: /bin/sh")


def _append(line: str) -> Fix:
    """A line in a file of its own, which visudo(8) reads before it counts."""
    return as_root(f"echo {shlex.quote(line)} >>{SUDOERS_FILE} && chmod 440 {SUDOERS_FILE} && visudo -c")
