"""One stay at an asset, and many at once: whatever goes wrong there becomes gaps, and no asset stops another."""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from secaudit import clock
from secaudit.collect.answers import Answers
from secaudit.collect.gaps import gap_of
from secaudit.collect.outside import OUTSIDE_ID, PortScan, PortsSeen, outside_view
from secaudit.collect.password import PasswordDialogue
from secaudit.collect.script import COMMAND, command_for, root_script, visit_script
from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason, Observation, Probe, Visit
from secaudit.model.register import Asset, Sudo
from secaudit.model.run import AssetPlan
from secaudit.transport.protocol import Dialogue, Limits, OneWay, Transport

log = logging.getLogger(__name__)

# What the controller waits beyond the limit that the target keeps by itself.
PATIENCE_S = 15


@dataclass(frozen=True, slots=True)
class Outside:
    """How ports are looked at from outside, and which ports the answers add to those of the plan."""

    scan: PortScan
    ports_seen: PortsSeen


# What an asset says of itself cannot make us knock at any number of ports.
PORTS_OF_THE_ASSET = 500
NOT_ENTERED = Gap(GapReason.NOT_COLLECTED)


def no_password() -> str:
    """What sudo is answered where nobody has a password for it."""
    raise TransportError(TransportReason.CREDENTIAL_MISSING, "", _("no password for sudo was handed over"))


def visit_asset(
    plan: AssetPlan,
    asset: Asset,
    transport: Transport,
    no_root: Gap | None = None,
    limits: Limits | None = None,
    outside: Outside | None = None,
    sudo_password: Callable[[], str] = no_password,
) -> Visit:
    """Visit one asset. Never raises for trouble with it: every planned probe has an observation, value or gap.

    ``no_root`` says why sudo is not to be asked; what needs no root is asked all the same.
    ``sudo_password`` is called when sudo asks, if ``sudo: password`` is declared; it may raise TransportError.
    """
    started_at = clock.now()
    inside = [probe for probe in plan.probes if probe.id != OUTSIDE_ID]
    nonce = secrets.token_hex(16)
    sudo = asset.reach.sudo if no_root is None else Sudo.NONE
    answers = Answers(nonce, inside, sudo)
    if no_root is not None:
        answers.sudo.refuse(no_root)
    limits = limits or Limits()
    try:
        command, dialogue = _dialogue(inside, sudo, limits, nonce, answers, sudo_password)
        ended = _ask(transport, command, dialogue, limits, answers)
        observations = answers.observations(ended)
        observations += (
            _look(plan, asset, observations, outside)
            if answers.begun
            else tuple(
                _unknown(probe, ended or NOT_ENTERED) for probe in plan.probes if probe.id == OUTSIDE_ID
            )
        )
    except Exception as error:  # the guard around one asset
        log.exception("visit of %s", asset.id)
        ended = Gap(GapReason.INTERNAL, type(error).__name__)
        observations = tuple(_unknown(probe, ended) for probe in plan.probes)
        return Visit(asset.id, started_at, clock.now(), None, plan.authorisation, observations, ended)
    return Visit(
        asset_id=asset.id,
        started_at=started_at,
        ended_at=clock.now(),
        target_time=answers.target_time,
        authorisation=plan.authorisation,
        observations=observations,
        gap=None if answers.begun else ended,
        channel={**transport.channel, **answers.login},
        clock_ahead_s=answers.clock_ahead_s,
    )


def _dialogue(
    probes: Sequence[Probe],
    sudo: Sudo,
    limits: Limits,
    nonce: str,
    answers: Answers,
    sudo_password: Callable[[], str],
) -> tuple[str, Dialogue]:
    """The command of a visit, and what is said to it."""
    visit_s = max(round(limits.visit_s) - PATIENCE_S, 1)
    if sudo is not Sudo.PASSWORD:
        script = visit_script(probes, sudo, visit_s, nonce)
        return COMMAND, OneWay(script, answers.feed, lambda: answers.started)
    prompt = secrets.token_hex(16)
    script = visit_script(probes, sudo, visit_s, nonce, prompt)
    for_root = root_script(probes, visit_s, nonce)
    return command_for(script), PasswordDialogue(script, for_root, prompt, answers, sudo_password)


def _ask(
    transport: Transport, command: str, dialogue: Dialogue, limits: Limits, answers: Answers
) -> Gap | None:
    """Run the script; returns why it ended early, None when it came to its end."""
    try:
        status = transport.run(command, dialogue, limits)
    except TransportError as error:
        if not answers.sudo.is_asking:
            return gap_of(error)
        answers.sudo.refuse(_hangs(error))
        status = None
    finally:
        transport.close()
    return None if answers.complete else _early_end(answers, status)


def _hangs(error: TransportError) -> Gap:
    """Why root was not had, when the run ended while sudo was asking."""
    if error.reason is TransportReason.VISIT_TIMEOUT:
        return Gap(
            GapReason.SUDO_REFUSED, _("sudo neither asked for the password nor let the part for root begin")
        )
    return gap_of(error)


def _early_end(answers: Answers, status: int | None) -> Gap:
    """Why the script did not come to its end although the link held."""
    if answers.too_much:
        return Gap(GapReason.TRUNCATED, _("it said more than all its probes may"))
    if status is None:
        return Gap(GapReason.LINK_LOST, _("the connection ended before the last answer"))
    if answers.begun:
        return Gap(GapReason.LINK_LOST, _("the script was ended with status {status}").format(status=status))
    said = _("the login shell ended with status {status} before the script began: {noise}")
    return Gap(GapReason.FAILED, said.format(status=status, noise=answers.noise))


def _look(
    plan: AssetPlan, asset: Asset, observations: Sequence[Observation], outside: Outside | None
) -> tuple[Observation, ...]:
    """The view from outside, when it is planned; it also names the ports that were found to listen.

    Only of an asset that was entered: behind a key that is not trusted may stand somebody else's machine.
    """
    planned = [probe for probe in plan.probes if probe.id == OUTSIDE_ID]
    ports = set(plan.outside_ports)
    if outside is not None and ports:
        ports |= set(list(outside.ports_seen(observations))[:PORTS_OF_THE_ASSET])
    scan = outside.scan if outside is not None else None
    return tuple(outside_view(probe, asset, sorted(ports), scan) for probe in planned)


def unvisited(plan: AssetPlan, gap: Gap) -> Visit:
    """The record of an asset that was not contacted at all, under no authorisation: every probe has the gap."""
    now = clock.now()
    return Visit(plan.asset_id, now, now, None, "", tuple(_unknown(p, gap) for p in plan.probes), gap)


def _unknown(probe: Probe, gap: Gap) -> Observation:
    return Observation(probe.id, probe.definition_hash, probe.command, gap)
