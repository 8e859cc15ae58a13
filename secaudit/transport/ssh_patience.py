"""A server that hangs up at once is tried again: sshd drops connections while many wait to log in (MaxStartups)."""

import random
from collections.abc import Sequence
from time import monotonic, sleep

from secaudit.transport.protocol import Limits
from secaudit.transport.ssh_address import Address
from secaudit.transport.ssh_link import Link, TurnedAway, connect

# so that those who were turned away together do not come back together
SPREAD = 0.5


def connect_patiently(
    address: Address,
    limits: Limits,
    known_types: Sequence[str] = (),
    weak: Sequence[str] = (),
    through: Link | None = None,
) -> Link:
    """As ``connect``. Nothing was said yet, so that no login is tried twice."""
    until = monotonic() + limits.connect_s
    for again_s in limits.again_s:
        try:
            return connect(address, limits, known_types, weak, through)
        except TurnedAway:
            pause_s = again_s * random.SystemRandom().uniform(1, 1 + SPREAD)
            if monotonic() + pause_s > until or (through is not None and not through.is_active()):
                raise
            sleep(pause_s)
    return connect(address, limits, known_types, weak, through)
