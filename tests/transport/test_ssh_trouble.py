"""What can go wrong on the way to an asset: each has its reason, and the visit its gaps."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest

from secaudit.collect import visit_asset
from secaudit.errors import TransportError, TransportReason
from secaudit.model.evidence import GapReason, Probe, Visit
from secaudit.model.register import Asset, Reach
from secaudit.model.run import AssetPlan
from secaudit.transport import Limits, Secrets, open_transport
from secaudit.transport.known_hosts import KnownHosts, host_name
from secaudit.transport.protocol import OneWay
from tests.ports import unused_port
from tests.transport.server import everything, running_server, shell
from tests.transport.sshd import Sshd, make_key, running_sshd

QUICK = Limits(connect_s=0.5, login_s=3)  # for peers that never answer
PATIENT = Limits(connect_s=30, login_s=60, visit_s=120)  # for those that do, on a machine that is busy
PROBES = (Probe("first", "echo first"), Probe("second", "echo second"))


def visited(asset: Asset, workspace: Path, limits: Limits = PATIENT, secrets: Secrets | None = None) -> Visit:
    """A visit of two probes."""
    plan = AssetPlan("s", asset.id, PROBES, (), "2024-1")
    return visit_asset(
        plan, asset, open_transport(asset, workspace, secrets or Secrets([asset], {})), None, limits
    )


def refused(visit: Visit) -> str:
    """The reason of a visit that did not come about; each probe must have it."""
    assert visit.gap is not None
    assert [o.gap for o in visit.observations] == [visit.gap, visit.gap]
    return visit.gap.reason.value


def plain_asset(port: int, address: str = "127.0.0.1") -> Asset:
    """An asset that is never logged in to."""
    return Asset("a", "linux", "a", address=address, reach=Reach("ssh", port, "audit", password="env:PW"))


def test_nobody_listens(tmp_path: Path) -> None:
    assert refused(visited(plain_asset(unused_port()), tmp_path)) == TransportReason.REFUSED


@pytest.mark.parametrize("address", ["255.255.255.255", "a" * 300, "ünï..code"])
def test_no_such_address(address: str, tmp_path: Path) -> None:
    assert refused(visited(plain_asset(22, address), tmp_path)) == TransportReason.UNREACHABLE


def test_a_name_that_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_asked: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused(visited(plain_asset(22, "web.example"), tmp_path)) == TransportReason.UNREACHABLE


def test_packets_are_dropped(tmp_path: Path) -> None:
    """A full accept queue drops what comes, as a packet filter does."""
    with ExitStack() as stack, socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        for _attempt in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        visit = visited(plain_asset(listener.getsockname()[1]), tmp_path, QUICK)
    assert refused(visit) == TransportReason.CONNECT_TIMEOUT


def test_a_server_that_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert (
            refused(visited(plain_asset(listener.getsockname()[1]), tmp_path, QUICK))
            == TransportReason.CONNECT_TIMEOUT
        )


@contextmanager
def saying(words: bytes) -> Iterator[int]:
    """A server that says this to whoever connects, and leaves."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            link, _address = listener.accept()
            with link:
                link.sendall(words)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=10)


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"SSH-2.0-x\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\0" * 5000,
        b"SSH-2.0-x\r\n" + b"\xff" * 500,
    ],
)
def test_a_server_that_leaves_or_speaks_nonsense(words: bytes, tmp_path: Path) -> None:
    with saying(words) as port:
        limits = replace(PATIENT, again_s=())
        assert refused(visited(plain_asset(port), tmp_path, limits)) == TransportReason.LINK_LOST


def full(server: Sshd, taken: socket.socket) -> None:
    """Take the only place of a server."""
    taken.connect(("127.0.0.1", server.port))
    assert taken.recv(4).startswith(b"SSH")


def dropped(server: Sshd) -> int:
    """How many connections it dropped."""
    return server.count("past MaxStartups") or server.count("drop connection")


def test_a_server_that_hangs_up_at_once_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_sshd(tmp_path, "MaxStartups 1:100:1") as server, socket.socket() as taken:
        full(server, taken)
        waited: list[float] = []

        def make_room(pause_s: float) -> None:
            waited.append(pause_s)
            taken.close()
            time.sleep(pause_s)

        monkeypatch.setattr("secaudit.transport.ssh_patience.sleep", make_room)
        limits = replace(PATIENT, again_s=(0.02,) * 200)
        visit = visited(server.asset(), server.workspace(), limits)
    assert waited
    assert (visit.gap, [seen.gap for seen in visit.observations]) == (None, [None, None])


def test_a_server_that_goes_on_hanging_up_says_why(tmp_path: Path) -> None:
    with running_sshd(tmp_path, "MaxStartups 1:100:1") as server, socket.socket() as taken:
        full(server, taken)
        visit = visited(server.asset(), server.workspace(), replace(PATIENT, again_s=(0.01, 0.01)))
        assert dropped(server) >= 1
    assert refused(visit) == TransportReason.LINK_LOST
    assert visit.gap is not None
    assert "MaxStartups" in visit.gap.detail


def test_ssh_1(tmp_path: Path) -> None:
    with saying(b"SSH-1.5-old\r\n") as port:
        assert refused(visited(plain_asset(port), tmp_path)) == TransportReason.NO_COMMON_ALGORITHM


@pytest.mark.parametrize(
    "option",
    ["Ciphers aes128-cbc", "MACs hmac-sha1\nCiphers aes128-ctr", "KexAlgorithms diffie-hellman-group14-sha1"],
)
def test_only_weak_algorithms(option: str, tmp_path: Path) -> None:
    with running_sshd(tmp_path, *option.split("\n")) as server:
        visit = visited(server.asset(), server.workspace())
    assert refused(visit) == TransportReason.NO_COMMON_ALGORITHM


def test_an_unknown_host_key_is_refused_before_login(sshd: Sshd, tmp_path: Path) -> None:
    before = sshd.count("Accepted publickey")
    visit = visited(sshd.asset(), tmp_path)
    assert refused(visit) == TransportReason.HOST_KEY_UNKNOWN
    assert visit.gap is not None
    assert "SHA256:" in visit.gap.detail
    assert sshd.count("Accepted publickey") == before
    assert not (tmp_path / "known_hosts").exists()


def test_an_unknown_host_key_names_the_next_step(sshd: Sshd, tmp_path: Path) -> None:
    transport = open_transport(sshd.asset(), tmp_path, Secrets([], {}))
    with pytest.raises(TransportError) as told:
        transport.run("true", OneWay(b"", lambda _chunk: True), QUICK)
    transport.close()
    assert told.value.hint is not None
    assert "secaudit hostkeys trust web-1" in told.value.hint


def test_a_changed_host_key_shows_both_fingerprints(sshd: Sshd, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other")
    (tmp_path / "known_hosts").write_text(f"{sshd.host} {other}", encoding="utf-8")
    visit = visited(sshd.asset(), tmp_path)
    assert refused(visit) == TransportReason.HOST_KEY_MISMATCH
    assert visit.gap is not None
    assert visit.gap.detail.count("SHA256:") == 2


def test_a_revoked_host_key_is_refused(sshd: Sshd) -> None:
    workspace = sshd.workspace()
    known = workspace / "known_hosts"
    known.write_text(
        known.read_text(encoding="utf-8")
        + "@revoked * "
        + known.read_text(encoding="utf-8").split(" ", 1)[1],
        encoding="utf-8",
    )
    assert refused(visited(sshd.asset(), workspace)) == TransportReason.HOST_KEY_MISMATCH


def test_known_hosts_that_cannot_be_read_trusts_nobody(sshd: Sshd, tmp_path: Path) -> None:
    (tmp_path / "known_hosts").mkdir()
    assert refused(visited(sshd.asset(), tmp_path)) == TransportReason.HOST_KEY_UNKNOWN


@pytest.mark.parametrize("kind", [("rsa", "", "-b", "2048"), ("ecdsa",)])
def test_other_kinds_of_host_keys(kind: tuple[str, ...], tmp_path: Path) -> None:
    with running_sshd(tmp_path, host_key=kind) as server:
        assert visited(server.asset(), server.workspace()).gap is None


def breaking_off(channel: paramiko.Channel, command: str) -> None:
    """Play the visit up to the first answer, then drop the connection."""
    script = everything(channel).replace(b"echo second", b"kill -KILL $PPID; sleep 5")
    marked = script.decode().replace("dd ibs=32768 obs=16384", "cat").encode()
    with subprocess.Popen(
        ["/bin/sh", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(marked)
        process.stdin.close()
        for line in process.stdout:
            channel.sendall(line)
            if b" B second" in line:
                break
        channel.get_transport().close()
        process.kill()


@contextmanager
def trusted_server(
    behaviour: Callable[[paramiko.Channel, str], None], folder: Path
) -> Iterator[tuple[Asset, Secrets]]:
    """An in-process server that the workspace trusts, and the right password for it."""
    with running_server(behaviour) as server:
        asset = server.asset(password="env:PW")
        KnownHosts(folder / "known_hosts").add(host_name(asset.address, asset.reach.port), server.key)
        yield asset, Secrets([asset], {"PW": "right"})


def test_a_link_that_breaks_keeps_what_was_answered(tmp_path: Path) -> None:
    with trusted_server(breaking_off, tmp_path) as (asset, secrets):
        visit = visited(asset, tmp_path, secrets=secrets)
    first, second = visit.observations
    assert visit.gap is None
    assert (first.gap, first.output) == (None, b"first\n")
    assert second.gap is not None
    assert second.gap.reason is GapReason.LINK_LOST


def silent(channel: paramiko.Channel, _command: str) -> None:
    """Take the script and never answer."""
    everything(channel)


def test_a_host_that_never_answers_is_left(tmp_path: Path) -> None:
    with trusted_server(silent, tmp_path) as (asset, secrets):
        visit = visited(asset, tmp_path, Limits(visit_s=0.3), secrets)
    assert refused(visit) == TransportReason.VISIT_TIMEOUT


def noisy(channel: paramiko.Channel, _command: str) -> None:
    """Greet, take the script and never run it: ``exec sleep 1000`` in a login shell's profile."""
    channel.sendall(b"Welcome\n")
    everything(channel)


def test_a_login_shell_that_hangs_is_left_soon(tmp_path: Path) -> None:
    with trusted_server(noisy, tmp_path) as (asset, secrets):
        visit = visited(asset, tmp_path, Limits(start_s=0.3, visit_s=300), secrets)
    assert refused(visit) == TransportReason.VISIT_TIMEOUT
    assert visit.gap is not None
    assert "login shell" in visit.gap.detail


def without_status(channel: paramiko.Channel, _command: str) -> None:
    """End without an exit status."""
    everything(channel)
    channel.close()


def test_an_end_without_status_is_a_lost_link(tmp_path: Path) -> None:
    with trusted_server(without_status, tmp_path) as (asset, secrets):
        assert refused(visited(asset, tmp_path, secrets=secrets)) == GapReason.LINK_LOST


def flooding(channel: paramiko.Channel, _command: str) -> None:
    """Endless noise."""
    while True:
        channel.sendall(b"noise\n" * 5000)


def test_endless_noise_ends(tmp_path: Path) -> None:
    with trusted_server(flooding, tmp_path) as (asset, secrets):
        visit = visited(asset, tmp_path, Limits(visit_s=30), secrets)
    assert visit.gap is not None
    assert visit.gap.reason is GapReason.TRUNCATED


def nologin(channel: paramiko.Channel, _command: str) -> None:
    """A login shell that refuses."""
    channel.sendall("This account is currently not available.\n\x1b[31m\xff".encode("latin-1"))
    channel.send_exit_status(1)
    channel.shutdown_write()


def test_a_login_shell_that_refuses_is_quoted(tmp_path: Path) -> None:
    with trusted_server(nologin, tmp_path) as (asset, secrets):
        visit = visited(asset, tmp_path, secrets=secrets)
    assert refused(visit) == GapReason.FAILED
    assert visit.gap is not None
    assert "not available" in visit.gap.detail


def test_the_server_in_process_plays_a_whole_visit(tmp_path: Path) -> None:
    with trusted_server(shell, tmp_path) as (asset, secrets):
        visit = visited(asset, tmp_path, secrets=secrets)
    assert [(o.gap, o.output) for o in visit.observations] == [(None, b"first\n"), (None, b"second\n")]


NOISY = 'echo "Welcome to $(hostname)"; printf "no line end" >&2; seq 1 20000; eval "$SSH_ORIGINAL_COMMAND"'


@pytest.mark.parametrize(
    "options",
    [
        (f"ForceCommand {NOISY}",),
        ("SetEnv LC_ALL=zh_CN.GB18030 LANG=zh_CN.GB18030 n=1 s=2 stage=root d=0",),
        ("PermitTTY no", "Banner /etc/passwd"),
    ],
)
def test_noise_and_foreign_locales(options: tuple[str, ...], tmp_path: Path) -> None:
    with running_sshd(tmp_path, *options) as server:
        visit = visited(server.asset(), server.workspace())
    assert visit.gap is None
    assert [(o.gap, o.output) for o in visit.observations] == [(None, b"first\n"), (None, b"second\n")]


def test_one_connection_and_one_exec(tmp_path: Path) -> None:
    with running_sshd(tmp_path) as server:
        visit = visited(server.asset(), server.workspace())
    assert visit.gap is None
    assert server.count("Connection from") == 1
    assert server.count("Accepted publickey") == 1
    assert server.count("Starting session: command") == 1
    assert server.count("Connection closed by") == 1
    assert server.count("reset by peer") == 0
