"""Whether root is had as the register declares, and what mends it."""

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from secaudit.audit.findings import Finding, Fix, Topic, Weight, as_root, here, person
from secaudit.audit.reach_findings import Command
from secaudit.audit.stakes import Stakes
from secaudit.collect.sudoers import sudoers_text
from secaudit.facts.command_timeout import COMMAND_TIMEOUT, timeout_of
from secaudit.facts.fact import decoded
from secaudit.facts.readiness import LISTED, ROOT
from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason, Probe, Visit
from secaudit.model.register import Asset, Sudo

SUDOERS_FILE: Final = "/etc/sudoers.d/secaudit"
# a visit takes seconds, on a host with many files a minute, and no longer than this
SHORT_S: Final = 60
LONG_S: Final = 300


def root_findings(
    asset: Asset, probes: Sequence[Probe], visit: Visit, stakes: Stakes, command: Command
) -> Iterator[Finding]:
    """The findings of an asset that was entered; ``probes`` are those of a scan."""
    gaps = {seen.probe_id: seen.gap for seen in visit.observations if seen.gap is not None}
    if asset.reach.sudo is Sudo.LISTED:
        yield from _listed(asset, probes, visit, stakes, command)
    elif checks := stakes.on_root():
        if gap := gaps.get(ROOT.id):
            yield _no_root(asset, gap, checks)
        else:
            yield from _ended_early(asset, visit, checks)


def _no_root(asset: Asset, gap: Gap, checks: tuple[str, ...]) -> Finding:
    if gap.reason is GapReason.NEEDS_ROOT:
        problem = _("no sudo is declared: what needs root stays unknown")
        declare = person(
            _("To have them judged: sudo: all under reach: in systems/*.yaml, and on the asset:")
        )
        return Finding(Weight.NOTE, Topic.SUDO, problem, (declare, _install(asset, Sudo.ALL)), checks)
    problem = _("no root: {said}").format(said=gap.detail.strip() or gap.reason.value)
    return Finding(Weight.LACKS, Topic.SUDO, problem, tuple(_fixes(asset, gap)), checks)


def _ended_early(asset: Asset, visit: Visit, checks: tuple[str, ...]) -> Iterator[Finding]:
    """A limit of time that the questions above kept, and that a whole visit may not."""
    said = (seen for seen in visit.observations if seen.probe_id == COMMAND_TIMEOUT.id and seen.gap is None)
    limit_s = next((timeout_of(decoded(seen.output), asset.reach.user) for seen in said), None)
    if limit_s is None or visit.channel.get("uid") == "0" or limit_s >= LONG_S:
        return
    problem = _("sudoers ends each command after {seconds} s: what a visit asks of root later stays unknown")
    fix = _install(asset, asset.reach.sudo, "!command_timeout")
    weight = Weight.LACKS if limit_s < SHORT_S else Weight.NOTE
    yield Finding(weight, Topic.SUDO, problem.format(seconds=limit_s), (fix,), checks)


def _listed(
    asset: Asset, probes: Sequence[Probe], visit: Visit, stakes: Stakes, command: Command
) -> Iterator[Finding]:
    """Refused commands as one finding for each reason; and what no list can hold, which is as declared."""
    if visit.channel.get("uid") == "0":
        return
    refused: dict[Gap, list[str]] = {}
    for seen in visit.observations:
        if seen.gap is not None and seen.probe_id.startswith(LISTED):
            refused.setdefault(seen.gap, []).append(seen.probe_id.removeprefix(LISTED))
    for gap, names in refused.items():
        checks = stakes.on_probes(names)
        problem = _("listed commands of {probes}: {said}").format(
            probes=", ".join(names), said=gap.detail.strip() or gap.reason.value
        )
        install = tuple(_fixes(asset, gap)) if gap.reason is not GapReason.SUDO_REFUSED else ()
        yield Finding(Weight.LACKS, Topic.SUDO, problem, install or _from_file(asset, command), checks)
    unlisted = stakes.on_probes([probe.id for probe in probes if probe.root and not probe.as_root])
    if unlisted:
        problem = _("what cannot be asked with listed commands stays unknown, as sudo: listed declares")
        yield Finding(Weight.NOTE, Topic.SUDO, problem, (), unlisted)


def _from_file(asset: Asset, command: Command) -> tuple[Fix, ...]:
    """The whole file, for lists are long."""
    return (
        here(command(f"preflight --sudoers --asset {asset.id}") + " >secaudit.sudoers"),
        as_root(f"install -m 440 secaudit.sudoers {SUDOERS_FILE} && visudo -c"),
    )


def _fixes(asset: Asset, gap: Gap) -> Iterator[Fix]:
    user = shlex.quote(asset.reach.user)
    if gap.reason is GapReason.NO_TOOL:
        yield as_root("apt-get install sudo || dnf install sudo || zypper install sudo || apk add sudo")
    elif gap.reason is GapReason.CREDENTIAL_MISSING:
        yield person(_("See under the workspace how to give the credential."))
    elif re.search(r"expired|change your password", gap.detail):
        yield as_root(f"passwd {user}")
        yield as_root(f"chage -d $(date +%F) -M -1 -E -1 {user}")
    elif re.search(r"account validation failure|locked", gap.detail):
        yield as_root(f"usermod -U {user}")
        yield as_root(f"chage -E -1 {user}")
    elif gap.reason in (GapReason.SUDO_REFUSED, GapReason.SUDO_REQUIRES_TTY):
        if asset.reach.sudo is Sudo.PASSWORD:
            yield person(_("Is the password right that reach: names for sudo? It was tried once."))
        yield _install(asset, asset.reach.sudo, _in_the_way(gap.detail))
    elif "log_subcmds" in gap.detail:
        yield _install(asset, asset.reach.sudo, "!intercept, !log_subcmds")
    else:
        yield as_root("journalctl -n 20 -t sudo || grep sudo /var/log/auth.log /var/log/secure | tail -n 20")


def _in_the_way(said: str) -> str:
    """The setting that undoes what let sudo begin and its command do nothing (sudoers(5)), or ""."""
    if said.endswith(_("the part for root did not run as root")):
        return "runas_default=root"
    if re.search(r"/sh: .*not found", said):
        return 'secure_path="/usr/sbin:/usr/bin:/sbin:/bin"'
    return "!noexec" if re.search(r"/sh: .*Permission denied", said) else ""


def _install(asset: Asset, sudo: Sudo, setting: str = "") -> Fix:
    """The lines of sudoers in a file of their own, which visudo(8) reads before it counts."""
    text = sudoers_text(asset.reach.user, (), sudo)
    first, *rules = (rule for rule in text.splitlines() if rule[:1] != "#")
    lines = " ".join(map(shlex.quote, (", ".join(filter(None, (first, setting))), *rules)))
    return as_root(f"printf '%s\\n' {lines} >{SUDOERS_FILE} && chmod 440 {SUDOERS_FILE} && visudo -c")
