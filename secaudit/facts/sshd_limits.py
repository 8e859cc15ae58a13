"""What an SSH connection may do once it is let in, and how many there may be: sshd_config(5)."""

from dataclasses import dataclass

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sshd_answers import (
    Answer,
    Match,
    Settings,
    SshdAnswers,
    answers_of,
    bearing_on,
    branch_name,
)
from secaudit.facts.sshd_probe import LIMITS, SSHD
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

ALIVE = ("clientaliveinterval", "clientalivecountmax", "gssapiauthentication")


@dataclass(frozen=True, slots=True)
class SshdLimits:
    """The limits of one kind of connection; ``branch`` as in SshdBranch.

    ``drops_dead_after_s``: ClientAliveInterval times ClientAliveCountMax, 0 means never. ``tcp_forwarding`` and
    ``tunnel`` as sshd prints them: ``no``, ``yes``, ``local``, ``remote``; ``point-to-point``, ``ethernet``.
    DisableForwarding is taken into account. ``unauthenticated_connections``: how many MaxStartups allows at most.
    ``host_keys``: files of private keys. ``protocol_1``: an old daemon that still speaks it.
    """

    branch: str
    drops_dead_after_s: int
    x11_forwarding: bool
    tcp_forwarding: str
    agent_forwarding: bool
    tunnel: str
    gateway_ports: str
    max_sessions: int
    unauthenticated_connections: int
    strict_modes: bool
    banner: str
    gssapi: bool
    protocol_1: bool
    host_keys: tuple[str, ...]


def limits(found: SshdAnswers) -> tuple[SshdLimits, ...]:
    """The default, and every Match block that sets a limit, each once; raises GapFound."""
    rows = [_limits(answer, match) for answer, match in bearing_on(found, (*LIMITS, *ALIVE))]
    return tuple(dict.fromkeys(rows))


def _limits(answer: Answer, match: Match | None) -> SshdLimits:
    seen = Settings(answer)
    closed = bool(seen.all("disableforwarding")) and seen.yes("disableforwarding")
    return SshdLimits(
        branch=branch_name(answer, match),
        drops_dead_after_s=seen.integer("clientaliveinterval") * seen.integer("clientalivecountmax"),
        x11_forwarding=seen.yes("x11forwarding") and not closed,
        tcp_forwarding="no" if closed else _forwarding(seen.one("allowtcpforwarding")),
        agent_forwarding=seen.yes("allowagentforwarding") and not closed,
        tunnel="no" if closed else seen.one("permittunnel"),
        gateway_ports="no" if closed else seen.one("gatewayports"),
        max_sessions=seen.integer("maxsessions"),
        unauthenticated_connections=_most(seen.one("maxstartups")),
        strict_modes=seen.yes("strictmodes"),
        banner=seen.all("banner")[0] if seen.all("banner") else "none",
        gssapi=bool(seen.all("gssapiauthentication")) and seen.yes("gssapiauthentication"),
        protocol_1=any("1" in value.split(",") for value in seen.all("protocol")),
        host_keys=seen.all("hostkey"),
    )


def _forwarding(text: str) -> str:
    """``all`` is another word for ``yes``."""
    return "yes" if text == "all" else text


def _most(text: str) -> int:
    """``10:30:100`` → 100, ``10`` → 10; raises GapFound."""
    parts = text.split(":")
    if len(parts) not in (1, 3):
        raise GapFound(GapReason.UNPARSABLE, f"MaxStartups {text[:40]}")
    return number(parts[-1], "MaxStartups")


def build_sshd_limits(evidence: Evidence) -> tuple[SshdLimits, ...]:
    """The limits; empty where no sshd is installed."""
    return limits(answers_of(evidence))


SSHD_LIMITS = Fact(
    "sshd_limits",
    Text("SSH 连接的限制", "Limits of SSH connections"),
    tuple[SshdLimits, ...],
    build_sshd_limits,
    (SSHD,),
)
