"""Answers to start from for every probe of the catalogue: recordings, and what this machine says."""

import functools
import re
import subprocess
from collections.abc import Mapping

from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import probes_by_fact
from secaudit.model.evidence import Probe
from secaudit.model.register import Asset, DataSet, Grade, Reach, System, Target
from tests.unit.facts.answers import ENVIRONMENT
from tests.unit.facts.recordings import OWN

HOST = Asset("web", "linux", "web", "127.0.0.1", reach=Reach("local"))
DATA_SET = DataSet("db", "db", "business", "web", ("/b/*",), "dump", "db-dump", 24, 4, (Target("10.0.0.9"),))
SYSTEM = System("s", "s", "o", Grade(3, 3), assets=(HOST,), data_sets=(DATA_SET,))
ASKED: Mapping[str, tuple[Probe, ...]] = probes_by_fact(list(BUILT_IN), BUILT_IN, HOST, SYSTEM)
PROBES: Mapping[str, Probe] = {probe.id: probe for probes in ASKED.values() for probe in probes}
# Recordings that are not named after their probe.
_NAMED = {
    "packages": "packages.installed",
    "services": "services.enabled",
    "sockets": "listeners.sockets",
    "processes_of_sockets": "listeners.processes",
    "processes_hardened": "processes.names",
    "jobs": "jobs.system",
    "firewall": "firewall.rules",
    "updates": "pending_updates.metadata",
    "time_sources": "time_sync.sources",
    "time_state": "time_sync.state",
}
_LITERAL = re.compile(r"""'([^'\n]{1,60})'|"([^"\n]{1,60})"|echo ([#@a-z][^\n;]{1,40})""")


@functools.cache
def seeds(probe_id: str) -> tuple[str, ...]:
    """Texts that the probe prints: recorded, printed here, and made of the words its command prints."""
    recorded = [file.read_text() for file in sorted(OWN.glob("*/*.txt")) if _probe_of(file.stem) == probe_id]
    return tuple(dict.fromkeys([*recorded[:2], _asked_here(PROBES[probe_id]), _words_of(PROBES[probe_id])]))


def _probe_of(stem: str) -> str:
    parts = stem.split("_")
    names = ("_".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((_NAMED[name] for name in names if name in _NAMED), stem)


def _asked_here(probe: Probe) -> str:
    """What the probe prints on this machine, whatever it is; "" when it takes too long."""
    command = 'root() { "$@"; }\n' + probe.command
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=ENVIRONMENT,
            timeout=20,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode(errors="backslashreplace")


def _words_of(probe: Probe) -> str:
    """A text of the literal words of the command, one a line."""
    found = [next(word for word in match.groups() if word) for match in _LITERAL.finditer(probe.command)]
    return "\n".join(dict.fromkeys(found)) + "\n"
