"""The lab as tests see it: hosts with their faults, commands inside them, keys and known hosts."""

import fcntl
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LAB_SH = Path(__file__).with_name("lab.sh")
PLAN = Path(__file__).with_name("plan.tsv")
USER = "audit"
PASSWORD = "Audit-Lab-2024!"
TWELVE = tuple(f"h{n}" for n in range(1, 13))
TRUTH_HOSTS = (*TWELVE, *(f"h{n}" for n in range(51, 59)))


class LabError(Exception):
    """lab.sh failed; the message is what it printed."""


@dataclass(frozen=True, slots=True)
class LabHost:
    """A host of the lab: ``faults`` are the names of plan.tsv; ``root`` is its overlay seen from here."""

    name: str
    address: str
    release: str
    faults: frozenset[str]
    directory: Path

    @property
    def auth(self) -> str:
        """``password``, ``key`` or ``both``: what opens this host."""
        if "bothways" in self.faults:
            return "both"
        return "password" if self.faults & {"pwonly", "dialogue"} else "key"

    @property
    def sudo(self) -> str:
        """What the register is to declare."""
        if "sudopassword" in self.faults and "sudoasks" not in self.faults:
            return "password"
        return "none" if "nosudo" in self.faults else "listed" if "sudolisted" in self.faults else "all"

    @property
    def root(self) -> Path:
        return self.directory / "root"

    @property
    def written(self) -> Path:
        """Upper directory of the overlay: all that was ever written below ``/`` except on its tmpfs."""
        return self.directory / "upper"

    @property
    def init_pid(self) -> int:
        """Pid of the host's init here; LookupError when the host is not running."""
        parent = (self.directory / "pid").read_text().strip()
        children = Path(f"/proc/{parent}/task/{parent}/children")
        try:
            return int(children.read_text().split()[0])
        except (OSError, IndexError) as problem:
            raise LookupError(f"{self.name} is not running") from problem

    @property
    def inside(self) -> Path:
        """The running host's own view of ``/``, its /run and /tmp included."""
        return Path(f"/proc/{self.init_pid}/root")


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab that is up. ``known_hosts`` is right for every host but those whose fault is the host key."""

    directory: Path
    hosts: Mapping[str, LabHost]
    known_hosts: Path

    @property
    def key(self) -> Path:
        """Private key of the audit account."""
        return self.directory / "keys" / USER

    def host(self, name: str) -> LabHost:
        return self.hosts[name]

    def having(self, fault: str) -> LabHost:
        """The only host with that fault."""
        (found,) = (h for h in self.hosts.values() if fault in h.faults)
        return found

    def exec(self, host: str, *command: str, given: bytes = b"") -> bytes:
        """Standard output of a command run inside a host as root; LabError when it fails."""
        return _run("exec", host, *command, given=given)

    def stop(self, *names: str) -> None:
        """Stop and delete the named hosts: nobody answers at their addresses any more."""
        _run("down", *names)

    def start(self, *names: str) -> None:
        """Start the named hosts anew, as plan.tsv says."""
        _run("up", *names)
        self.write_known_hosts()

    def cut(self) -> None:
        """Let no host answer any more; they go on running."""
        _run("cut")

    def join(self) -> None:
        """Undo ``cut``."""
        _run("join")

    def delay(self, milliseconds: int) -> str:
        """Put a client that far away, there and back; returns the name of its network namespace."""
        _run("delay", str(milliseconds))
        return _run("far").decode().strip()

    def write_known_hosts(self) -> None:
        """Write ``known_hosts`` from the hosts' own keys, with what changedkey and unknownkey want."""
        self.known_hosts.write_text("".join(self._known_lines()))

    def _known_lines(self) -> Iterable[str]:
        stranger = (self.directory / "keys" / "stranger.pub").read_text()
        for host in self.hosts.values():
            own = host.written / "etc/ssh/ssh_host_ed25519_key.pub"
            if "unknownkey" not in host.faults and own.exists():
                line = stranger if "changedkey" in host.faults else own.read_text()
                yield f"{host.address} {' '.join(line.split()[:2])}\n"


@contextmanager
def lab_session() -> Iterator[Lab]:
    """A lab for this process alone, all its hosts fresh; another one that uses LAB_DIR goes first."""
    directory = Path(os.environ.get("LAB_DIR", "/var/tmp/secaudit-lab"))
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "session").open("w") as session:
        fcntl.flock(session, fcntl.LOCK_EX)
        try:
            yield bring_up(directory)
        finally:
            take_down()


def bring_up(directory: Path) -> Lab:
    """Make what is missing, take down what an earlier run left, and start every host anew."""
    _run("down")
    _run("up")
    rows = _run("list").decode().splitlines()
    hosts = [_host(row.split("\t"), directory / "hosts") for row in rows]
    lab = Lab(directory, {h.name: h for h in hosts}, directory / "known_hosts")
    lab.write_known_hosts()
    return lab


def take_down() -> None:
    """Stop every host, unmount, delete interfaces and files of hosts; bases and layers stay."""
    _run("down")


def why_unavailable() -> str | None:
    """None when this machine can hold the lab, else the reason in one line."""
    try:
        return _run("check").decode().strip() or None
    except (LabError, OSError) as problem:
        return f"lab.sh cannot run: {problem}"


def _host(row: list[str], hosts: Path) -> LabHost:
    name, address, release, faults = row[:4]
    return LabHost(name, address, release, frozenset(faults.split()) - {"-"}, hosts / name)


def _run(*arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(["bash", LAB_SH, *arguments], input=given, capture_output=True, check=False)
    if done.returncode:
        raise LabError(f"lab.sh {' '.join(arguments)}: {done.stderr.decode(errors='backslashreplace')}")
    return done.stdout
