"""What a host's SSH server saw: logins and the sessions they opened."""

import re
from dataclasses import dataclass

from tests.lab.hosts import LabHost

_ACCEPTED = re.compile(rb"\bAccepted (?:publickey|password|keyboard-interactive\S*) for ")
_COMMAND = re.compile(rb"\bStarting session: command ")
_SESSION = re.compile(rb"\bStarting session: ")


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
    files = (host.written / "var/log/auth.log", host.inside / "run/lab/sshd.log")
    log = b"".join(file.read_bytes() for file in files if file.exists())
    return Seen(len(_ACCEPTED.findall(log)), len(_COMMAND.findall(log)), len(_SESSION.findall(log)))
