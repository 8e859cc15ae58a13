"""What listens is looked at from outside too."""

from dataclasses import replace

from secaudit.audit import Subject
from secaudit.audit.listening import listening_ports
from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.listeners import Listener
from secaudit.model.content import Profile
from tests.unit.audit import samples

SUBJECT = Subject(samples.host("h"), samples.system(), Profile("level-3", 3, samples.TEXT))


def test_exposed_tcp_ports_are_named() -> None:
    rows = (
        Listener("tcp", "0.0.0.0", 8080, "", True, False),
        Listener("tcp", "127.0.0.1", 5432, "", False, False),
        Listener("udp", "0.0.0.0", 53, "", True, False),
        Listener("tcp", "::", 22, "", True, False),
    )
    fact = replace(BUILT_IN["listeners"], build=lambda _evidence: rows)
    rules = replace(samples.rules(), facts={"listeners": fact})
    assert listening_ports(SUBJECT, (), rules) == (22, 8080)


def test_no_answer_names_no_port() -> None:
    rules = replace(samples.rules(), facts=BUILT_IN)
    assert listening_ports(SUBJECT, (), rules) == ()
