"""Which ports the answers of a visit name: they are looked at from outside too."""

from collections.abc import Sequence

from secaudit import clock
from secaudit.audit.judging import Rules, Subject
from secaudit.audit.planning import LISTENERS
from secaudit.facts.fact import build_facts
from secaudit.model.evidence import Gap, Observation


def listening_ports(subject: Subject, observations: Sequence[Observation], rules: Rules) -> tuple[int, ...]:
    """TCP ports that listen beyond loopback; none where that is not known."""
    answers = {observation.probe_id: observation for observation in observations}
    facts = build_facts(
        [LISTENERS],
        rules.facts,
        answers,
        subject.asset,
        subject.system,
        rules.content.references,
        clock.now(),
    )
    found = facts[LISTENERS]
    if isinstance(found, Gap):
        return ()
    return tuple(sorted({socket.port for socket in found if socket.protocol == "tcp" and socket.exposed}))
