"""An SSH server in this process, for what a real one cannot be made to do."""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from secaudit.model.register import Asset, Reach
from secaudit.transport.known_hosts import HostKey

Behaviour = Callable[[paramiko.Channel, str], None]


@dataclass(slots=True)
class Server(paramiko.ServerInterface):
    """Lets in who has the password; each exec is played by ``behaviour``.

    ``released`` is set at the end: whoever hangs until then waits for it.
    """

    port: int
    key: HostKey
    behaviour: Behaviour
    password: str = ""
    tried: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    links: list[paramiko.Transport] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_auth_password(self, username: str, password: str) -> int:
        self.tried.append(f"password of {username}")
        return AUTH_SUCCESSFUL if password == self.password else AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self.tried.append(f"key of {username}")
        return AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        self.commands.append(command.decode())
        threading.Thread(target=self._play, args=(channel, command.decode()), daemon=True).start()
        return True

    def asset(self, **reach: str | bool) -> Asset:
        """This server as an asset."""
        made = Reach("ssh", self.port, "audit", **reach)  # type: ignore[arg-type]
        return Asset("db-1", "linux", "db", address="127.0.0.1", reach=made)

    def _play(self, channel: paramiko.Channel, command: str) -> None:
        with suppress(OSError, EOFError, paramiko.SSHException):
            self.behaviour(channel, command)


@contextmanager
def running_server(
    behaviour: Behaviour, password: str = "right", kind: type[Server] = Server
) -> Iterator[Server]:
    """One that answers any number of connections, one after the other."""
    host_key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    server = kind(
        listener.getsockname()[1], HostKey(host_key.get_name(), host_key.asbytes()), behaviour, password
    )

    def serve() -> None:
        with suppress(OSError):
            while True:
                link = paramiko.Transport(listener.accept()[0])
                server.links.append(link)
                link.add_server_key(host_key)
                with suppress(paramiko.SSHException, EOFError):
                    link.start_server(server=server)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=10)
        server.released.set()
        for link in server.links:
            link.close()


def shell(channel: paramiko.Channel, command: str) -> None:
    """Run the command as sshd would and let the client close."""
    done = subprocess.run(
        ["/bin/sh", "-c", command], input=everything(channel), stdout=subprocess.PIPE, check=False
    )
    channel.sendall(done.stdout)
    channel.send_exit_status(done.returncode)
    channel.shutdown_write()


def everything(channel: paramiko.Channel) -> bytes:
    """What the client sends until it has sent all."""
    return b"".join(iter(lambda: channel.recv(65_536), b""))
