"""What a host's SSH server saw: logins and the sessions they opened."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.lab.hosts import LabHost

_ACCEPTED = re.compile(rb"^Accepted (?:publickey|password|keyboard-interactive\S*) for ", re.MULTILINE)
_COMMAND = re.compile(rb"^Starting session: command ", re.MULTILINE)
_SESSION = re.compile(rb"^Starting session: ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Seen:
    """Logins that were let in, commands that were run, sessions of any kind (shell, subsystem, command)."""

    logins: int
    commands: int
    sessions: int

    def __sub__(self, earlier: "Seen") -> "Seen":
        return Seen(
            self.logins - earlier.logins, self.commands - earlier.commands, self.sessions - earlier.sessions
        )


def seen(host: LabHost) -> Seen:
    """Counts since the host came up."""
    log = b"".join(_messages(host))
    return Seen(len(_ACCEPTED.findall(log)), len(_COMMAND.findall(log)), len(_SESSION.findall(log)))


def _messages(host: LabHost) -> Iterator[bytes]:
    """What sshd said: to a file of its own, or to syslog, where other hosts' records may lie too."""
    own = host.inside / "run/lab/sshd.log"
    if own.exists():
        yield own.read_bytes()
    kept = host.written / "var/log/auth.log"
    if kept.exists():
        line = re.compile(rb" %b sshd\S*: (.*\n)" % host.name.encode())
        yield from line.findall(kept.read_bytes())
