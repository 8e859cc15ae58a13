"""What an asset that was entered lacks for a whole scan, and what mends it: from the answers of one login."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Final

from secaudit.audit.findings import Finding, Fix, Topic, Weight, as_root, person
from secaudit.audit.reach_findings import broken_off
from secaudit.audit.stakes import Stakes
from secaudit.facts.fact import GapFound, decoded
from secaudit.facts.os import OS_RELEASE, parse_os_release
from secaudit.facts.programs import Requirement, family_of, install_command, lacking
from secaudit.facts.readiness import HOST, LINK, Readiness, is_whole, parse_readiness
from secaudit.language import _
from secaudit.model.evidence import Observation, Visit
from secaudit.model.register import Asset

# From here on the log entries of several hosts can no longer be put in order.
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
CLOCK_TOLD_S: Final = 60
# Ages of backups are judged in whole hours on the asset's clock, which those who wrote them may not share.
CLOCK_WRONG_S: Final = 3_600
NOT_FOUND: Final = 127
BLIND: Final = "-"  # the limiter of a host whose head(1) cuts no bytes: nothing is asked there

Answers = Mapping[str, Observation]


def host_findings(asset: Asset, visit: Visit, stakes: Stakes) -> Iterator[Finding]:
    """Everything but root, which has a module of its own."""
    answers = {observation.probe_id: observation for observation in visit.observations}
    family = _family(answers)
    if visit.channel.get("limiter") == BLIND:
        yield Finding(
            Weight.BLOCKS,
            Topic.PROGRAMS,
            _("head(1) cannot cut bytes: nothing is asked"),
            (_install("coreutils", family),),
        )
        return
    yield from _on_the_way(asset, visit, answers)
    ready = _readiness(answers)
    if ready is not None:
        yield from _programs(ready, family, stakes)
        yield from _files(ready)
    yield from _limiter(visit, family)
    yield from _clock(visit, ready, family)


def _on_the_way(asset: Asset, visit: Visit, answers: Answers) -> Iterator[Finding]:
    """Whether what was asked has an answer, and a long answer arrives whole."""
    broken = next((a.gap for a in (answers[HOST.id], answers[LINK.id]) if a.gap is not None), None)
    if broken is not None:
        yield broken_off(asset, broken)
    elif answers[LINK.id].exit_status != NOT_FOUND and not is_whole(decoded(answers[LINK.id].output)):
        yield Finding(Weight.LACKS, Topic.LINK, _("a long answer does not arrive as it was sent"))
    if noise := visit.channel.get("noise_bytes"):
        problem = _("the login shell prints {count} bytes before any command; they are dropped").format(
            count=noise
        )
        quiet = person(
            _("Let ~/.bashrc and its like print to terminals only: case $- in *i*) ;; *) return ;; esac")
        )
        yield Finding(Weight.NOTE, Topic.SHELL, problem, (quiet,))


def _family(answers: Answers) -> str:
    seen = answers[OS_RELEASE.id]
    try:
        return family_of(parse_os_release(decoded(seen.output)))
    except GapFound:
        return ""


def _readiness(answers: Answers) -> Readiness | None:
    try:
        return parse_readiness(decoded(answers[HOST.id].output))
    except GapFound:
        return None


def _programs(ready: Readiness, family: str, stakes: Stakes) -> Iterator[Finding]:
    for need in lacking(ready.programs, family):
        if checks := _resting_on(need, stakes):
            problem = _("{programs} is missing").format(programs=_(" or ").join(need.programs))
            fixes = (_install(need.package, family),)
            yield Finding(Weight.LACKS, Topic.PROGRAMS, problem, fixes, checks)
    if not ready.proc:
        mount = as_root("mount -t proc proc /proc")
        checks = stakes.on_text("/proc/")
        yield Finding(Weight.LACKS, Topic.PROGRAMS, _("/proc cannot be read"), (mount,), checks)
    elif not ready.all_processes:
        fix = person(_("Let the account see them (the option gid= of hidepid, proc(5)), or declare sudo."))
        problem = _("the processes of other users are hidden from this account")
        yield Finding(Weight.NOTE, Topic.PROGRAMS, problem, (fix,))


def _resting_on(need: Requirement, stakes: Stakes) -> tuple[str, ...]:
    return stakes.on_facts(need.facts) if need.facts else stakes.on_program(need.programs[0])


def _install(package: str, family: str) -> Fix:
    command = install_command(package, family)
    return as_root(command) if command else person(_("Install {package}.").format(package=package))


def _files(ready: Readiness) -> Iterator[Finding]:
    for path in ready.odd_files:
        problem = _("{path} is no regular file, or above 1 MiB: what reads it waits or is cut").format(
            path=path
        )
        look = as_root(f"ls -lL {shlex.quote(path)}")
        away = person(_("If nothing needs it there, move it away."))
        yield Finding(Weight.LACKS, Topic.FILES, problem, (look, away))


def _limiter(visit: Visit, family: str) -> Iterator[Finding]:
    if visit.channel.get("limiter") == "none":
        problem = _("neither timeout nor setsid is there: a command that hangs ends with the visit only")
        yield Finding(Weight.NOTE, Topic.PROGRAMS, problem, (_install("coreutils", family),))


def _clock(visit: Visit, ready: Readiness | None, family: str) -> Iterator[Finding]:
    ahead = visit.clock_ahead_s
    if ahead is None or abs(ahead) < CLOCK_TOLD_S:
        return
    told = _("its clock is {time} ahead of ours") if ahead > 0 else _("its clock is {time} behind ours")
    weight = Weight.LACKS if abs(ahead) >= CLOCK_WRONG_S else Weight.NOTE
    yield Finding(weight, Topic.CLOCK, told.format(time=_apart(abs(ahead))), tuple(_set_clock(ready, family)))


def _apart(seconds: int) -> str:
    """In the unit that a person reads; a clock that was never set is decades behind."""
    if seconds < 2 * MINUTE_S:
        return _("{number} s").format(number=seconds)
    if seconds < 2 * HOUR_S:
        return _("{number} min").format(number=round(seconds / MINUTE_S))
    if seconds < 2 * DAY_S:
        return _("{number} h").format(number=round(seconds / HOUR_S))
    return _("{number} days").format(number=round(seconds / DAY_S))


def _set_clock(ready: Readiness | None, family: str) -> Iterator[Fix]:
    programs = ready.programs if ready else frozenset()
    if "chronyc" in programs:
        yield as_root("chronyc makestep && chronyc tracking")
    elif "ntpq" in programs:
        yield as_root("systemctl restart ntpd || systemctl restart ntpsec || systemctl restart ntp; ntpq -pn")
    elif "timedatectl" in programs:
        yield as_root("timedatectl set-ntp true; timedatectl")
    else:
        yield _install("chrony", family)
    yield person(_("Is the clock of this machine itself right? Compare: date -u"))
