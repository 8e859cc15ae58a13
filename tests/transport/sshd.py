"""A real OpenSSH server on a loopback port, with its own configuration, keys and log."""

import getpass
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from secaudit.model.register import Asset, Reach, Sudo
from tests.ports import unused_port

PROGRAM = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
HOST_KEY = "host_ed25519"


@dataclass(slots=True)
class Sshd:
    """A running server; ``log`` grows."""

    folder: Path
    port: int
    pid: int = 0
    log: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Its name in known_hosts."""
        return f"[127.0.0.1]:{self.port}"

    def workspace(self) -> Path:
        """A folder whose known_hosts knows this server."""
        folder = self.folder / "workspace"
        folder.mkdir(exist_ok=True)
        public = (self.folder / f"{HOST_KEY}.pub").read_text(encoding="utf-8")
        (folder / "known_hosts").write_text(f"{self.host} {public}", encoding="utf-8")
        return folder

    def asset(self, sudo: Sudo = Sudo.NONE, **reach: str | bool | tuple[str, ...]) -> Asset:
        """This server as an asset; with the key it accepts unless ``reach`` says otherwise."""
        given = {"key": f"file:{self.folder}/user_ed25519", "user": getpass.getuser(), **reach}
        return Asset(
            "web-1",
            "linux",
            "web",
            address="127.0.0.1",
            reach=Reach("ssh", self.port, sudo=sudo, **given),  # type: ignore[arg-type]
        )

    def drop_connections(self) -> None:
        """End every connection, as a server does that falls."""
        self._signal_connections(signal.SIGKILL)

    def freeze_connections(self) -> None:
        """Leave every connection open and say nothing on it any more."""
        self._signal_connections(signal.SIGSTOP)

    def _signal_connections(self, number: signal.Signals) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                fields = (process / "stat").read_bytes().rpartition(b")")[2].split()
                if int(fields[1]) == self.pid:
                    os.kill(int(process.name), number)

    def count(self, text: str) -> int:
        """How many lines of the log so far hold a text."""
        return sum(text in line for line in self.log)


def make_key(path: Path, kind: str = "ed25519", passphrase: str = "", *options: str) -> str:
    """A new key pair; returns the public line."""
    command = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "test", *options, "-f", str(path)]
    subprocess.run(command, check=True)
    return path.with_name(f"{path.name}.pub").read_text(encoding="utf-8")


@contextmanager
def running_sshd(folder: Path, *options: str, host_key: tuple[str, ...] = ("ed25519",)) -> Iterator[Sshd]:
    """Start one with more configuration lines; it is ready when this returns, and gone afterwards."""
    assert PROGRAM, "sshd is missing; install it: apt-get install openssh-server"
    Path("/run/sshd").mkdir(exist_ok=True)
    make_key(folder / HOST_KEY, *host_key)
    (folder / "authorized_keys").write_text(make_key(folder / "user_ed25519"), encoding="utf-8")
    port = unused_port()
    lines = (
        "MaxStartups 100",  # of this one the last line counts
        *options,
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {folder}/{HOST_KEY}",
        f"AuthorizedKeysFile {folder}/authorized_keys",
        "PidFile none",
        "StrictModes no",
        "UsePAM no",
        "PermitRootLogin yes",
        "LogLevel VERBOSE",
    )
    (folder / "sshd_config").write_text("\n".join(lines) + "\n", encoding="utf-8")
    process = subprocess.Popen(
        [PROGRAM, "-D", "-e", "-f", str(folder / "sshd_config")],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    server = Sshd(folder, port, process.pid)
    assert process.stderr is not None
    for line in process.stderr:
        server.log.append(line)
        if "Server listening" in line:
            break
    else:
        raise AssertionError("".join(server.log))
    reader = threading.Thread(target=server.log.extend, args=(process.stderr,), daemon=True)
    reader.start()
    try:
        yield server
    finally:
        server.drop_connections()  # what a failed test left open would keep the log open
        process.terminate()
        process.wait(timeout=10)
        reader.join(timeout=10)
        if (
            not reader.is_alive()
        ):  # a session that outlives its server keeps the pipe open: closing would wait for it
            process.stderr.close()
