"""Ways through jump hosts: every key checked, every login its own, every failure told where it happened."""

import getpass
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest

from secaudit.collect import visit_asset
from secaudit.errors import TransportReason
from secaudit.model.evidence import GapReason, Probe, Visit
from secaudit.model.register import Asset, Hop
from secaudit.model.run import AssetPlan
from secaudit.transport import Limits, Secrets, open_transport
from secaudit.transport.known_hosts import KnownHosts, host_name
from secaudit.transport.turnstile import AT_ONCE, Turnstile
from tests.ports import unused_port
from tests.transport.leaks import nothing_left
from tests.transport.server import everything, running_server
from tests.transport.sshd import Sshd, make_key, running_sshd

PATIENT = Limits(connect_s=30, login_s=60, reach_s=120, visit_s=120)
PASSPHRASE = "canary-of-the-gate"


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """A jump host with a user key of its own."""
    with running_sshd(tmp_path_factory.mktemp("gate")) as server:
        yield server


@pytest.fixture
def workspace(sshd: Sshd, gate: Sshd, tmp_path: Path) -> Path:
    """A workspace that trusts both servers."""
    known = KnownHosts(tmp_path / "known_hosts")
    for server in (sshd, gate):
        for key in KnownHosts(server.workspace() / "known_hosts").keys_of(server.host):
            known.add(server.host, key)
    return tmp_path


def hop_of(server: Sshd, name: str = "gate", **login: str) -> Hop:
    """A server as a jump host, with the key it accepts."""
    given = {"key": f"file:{server.folder}/user_ed25519", "user": getpass.getuser(), **login}
    return Hop(name, "127.0.0.1", server.port, **given)  # type: ignore[arg-type]


def behind(asset: Asset, *hops: Hop) -> Asset:
    """The asset, reached through these."""
    return replace(asset, reach=replace(asset.reach, jump=hops))


def visited(asset: Asset, workspace: Path, limits: Limits = PATIENT, secrets: Secrets | None = None) -> Visit:
    """A visit of one probe that leaves nothing behind."""
    with nothing_left():
        return asked(asset, workspace, limits, secrets)


def asked(asset: Asset, workspace: Path, limits: Limits, secrets: Secrets | None = None) -> Visit:
    """A visit of one probe. A server in this process goes on behind a jump host that does not hang up."""
    plan = AssetPlan("s", asset.id, (Probe("first", "echo first"),), (), "2024-1")
    transport = open_transport(asset, workspace, secrets or Secrets([asset], {}))
    return visit_asset(plan, asset, transport, None, limits)


def refused(visit: Visit) -> tuple[str, str]:
    """Reason and detail of a visit that did not come about."""
    assert visit.gap is not None
    return visit.gap.reason.value, visit.gap.detail


def test_through_one_jump_host(sshd: Sshd, gate: Sshd, workspace: Path) -> None:
    before = gate.count("Accepted publickey"), sshd.count("Accepted publickey")
    visit = visited(behind(sshd.asset(), hop_of(gate)), workspace)
    assert visit.gap is None
    assert visit.observations[0].output == b"first\n"
    assert visit.channel["jump"].startswith(f"gate ({getpass.getuser()}@127.0.0.1:{gate.port}, key, SHA256:")
    after = gate.count("Accepted publickey"), sshd.count("Accepted publickey")
    assert after == (before[0] + 1, before[1] + 1)


def test_through_several(sshd: Sshd, gate: Sshd, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    with running_sshd(tmp_path / "inner") as inner:
        for key in KnownHosts(inner.workspace() / "known_hosts").keys_of(inner.host):
            KnownHosts(workspace / "known_hosts").add(inner.host, key)
        visit = visited(behind(sshd.asset(), hop_of(gate), hop_of(inner, "inner")), workspace)
        assert inner.count("Accepted publickey") == 1
    assert visit.gap is None
    assert [part.partition(" ")[0] for part in visit.channel["jump"].split(" → ")] == ["gate", "inner"]


def test_credentials_of_its_own(sshd: Sshd, gate: Sshd, workspace: Path, tmp_path: Path) -> None:
    with (gate.folder / "authorized_keys").open("a", encoding="utf-8") as stream:
        stream.write(make_key(tmp_path / "own", "ed25519", PASSPHRASE))
    hop = hop_of(gate, key=f"file:{tmp_path}/own", passphrase="prompt")
    asset = behind(sshd.asset(), hop)
    secrets = Secrets([asset], {}, {"passphrase:gate": PASSPHRASE}.__getitem__)
    assert visited(asset, workspace, secrets=secrets).gap is None


def test_an_unknown_key_of_the_jump_host(sshd: Sshd, gate: Sshd, tmp_path: Path) -> None:
    before = gate.count("Accepted publickey"), sshd.count("Connection from")
    reason, detail = refused(visited(behind(sshd.asset(), hop_of(gate)), tmp_path))
    assert reason == TransportReason.HOST_KEY_UNKNOWN
    assert detail.startswith(f"web-1 → gate (127.0.0.1 port {gate.port}): ")
    assert (gate.count("Accepted publickey"), sshd.count("Connection from")) == before


def test_an_unknown_key_behind_it(sshd: Sshd, gate: Sshd, tmp_path: Path) -> None:
    before = sshd.count("Accepted publickey")
    reason, detail = refused(visited(behind(sshd.asset(), hop_of(gate)), gate.workspace()))
    assert reason == TransportReason.HOST_KEY_UNKNOWN
    assert detail.startswith(f"web-1 (127.0.0.1 port {sshd.port} via gate): ")
    assert sshd.count("Accepted publickey") == before


def test_a_refused_login_names_the_jump_host(sshd: Sshd, gate: Sshd, workspace: Path) -> None:
    hop = hop_of(gate, key=f"file:{sshd.folder}/user_ed25519")
    reason, detail = refused(visited(behind(sshd.asset(), hop), workspace))
    assert reason == TransportReason.AUTH_FAILED
    assert detail.startswith("web-1 → gate (")


def test_a_missing_credential_names_the_jump_host(sshd: Sshd, gate: Sshd, workspace: Path) -> None:
    reason, detail = refused(visited(behind(sshd.asset(), hop_of(gate, key="env:NONE")), workspace))
    assert reason == TransportReason.CREDENTIAL_MISSING
    assert detail.startswith("web-1 → gate: credential env:NONE")


@pytest.mark.parametrize("option", ["AllowTcpForwarding no", "PermitOpen 127.0.0.1:1"])
def test_a_jump_host_that_forwards_nothing(option: str, sshd: Sshd, tmp_path: Path) -> None:
    with running_sshd(tmp_path, option) as closed:
        asset = behind(sshd.asset(), hop_of(closed))
        reason, detail = refused(visited(asset, closed.workspace()))
    assert reason == TransportReason.FORWARDING_REFUSED
    assert "the jump host gate refuses to forward" in detail


@pytest.mark.parametrize(
    ("address", "expected"), [("127.0.0.1", TransportReason.REFUSED), ("a..b", TransportReason.UNREACHABLE)]
)
def test_nobody_behind_it(
    address: str, expected: TransportReason, sshd: Sshd, gate: Sshd, workspace: Path
) -> None:
    asset = behind(sshd.asset(), hop_of(gate))
    lost = replace(asset, address=address, reach=replace(asset.reach, port=unused_port()))
    reason, detail = refused(visited(lost, workspace))
    assert reason == expected
    assert "via gate)" in detail


def test_a_silent_jump_host(sshd: Sshd, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hop = Hop("gate", "127.0.0.1", listener.getsockname()[1], "audit", password="env:PW")
        reason, detail = refused(visited(behind(sshd.asset(), hop), tmp_path, Limits(connect_s=0.3)))
    assert reason == TransportReason.CONNECT_TIMEOUT
    assert detail.startswith("web-1 → gate (")


def test_silence_behind_it(sshd: Sshd, gate: Sshd, workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        asset = behind(sshd.asset(), hop_of(gate))
        silent = replace(asset, reach=replace(asset.reach, port=listener.getsockname()[1]))
        reason, detail = refused(visited(silent, workspace, Limits(connect_s=2)))
    assert reason == TransportReason.CONNECT_TIMEOUT
    assert "via gate)" in detail


def test_the_whole_way_has_one_deadline(sshd: Sshd, gate: Sshd, workspace: Path) -> None:
    asset = behind(sshd.asset(), hop_of(gate))
    reason, detail = refused(visited(asset, workspace, replace(PATIENT, reach_s=0)))
    assert reason == TransportReason.CONNECT_TIMEOUT
    assert "took too long" in detail


def test_a_jump_host_that_falls(tmp_path: Path) -> None:
    with running_sshd(tmp_path) as falling:

        def fell(channel: paramiko.Channel, _command: str) -> None:
            everything(channel)
            falling.drop_connections()

        with running_server(fell) as server:
            workspace = falling.workspace()
            KnownHosts(workspace / "known_hosts").add(host_name("127.0.0.1", server.port), server.key)
            asset = behind(server.asset(password="env:PW"), hop_of(falling))
            visit = visited(asset, workspace, secrets=Secrets([asset], {"PW": "right"}))
    reason, detail = refused(visit)
    assert reason == GapReason.LINK_LOST
    assert detail.startswith("db-1 → gate (")


def test_a_jump_host_that_falls_silent_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secaudit.transport.ssh_way.ANSWER_S", 0.5)
    with running_sshd(tmp_path) as mute:

        def fell_silent(channel: paramiko.Channel, _command: str) -> None:
            everything(channel)
            mute.freeze_connections()

        with running_server(fell_silent) as server:
            workspace = mute.workspace()
            KnownHosts(workspace / "known_hosts").add(host_name("127.0.0.1", server.port), server.key)
            asset = behind(server.asset(password="env:PW"), hop_of(mute))
            limits = replace(PATIENT, start_s=1)
            reason, detail = refused(asked(asset, workspace, limits, Secrets([asset], {"PW": "right"})))
    assert reason == GapReason.LINK_LOST
    assert detail == f"db-1 → gate (127.0.0.1 port {mute.port}): it does not answer any more."


def test_an_asset_that_hangs_behind_a_jump_host_is_named_itself(tmp_path: Path) -> None:
    with running_sshd(tmp_path) as gate:

        def hangs(channel: paramiko.Channel, _command: str) -> None:
            everything(channel)
            server.released.wait()

        with running_server(hangs) as server:
            workspace = gate.workspace()
            KnownHosts(workspace / "known_hosts").add(host_name("127.0.0.1", server.port), server.key)
            asset = behind(server.asset(password="env:PW"), hop_of(gate))
            limits = replace(PATIENT, start_s=1)
            reason, detail = refused(asked(asset, workspace, limits, Secrets([asset], {"PW": "right"})))
    assert reason == GapReason.VISIT_TIMEOUT
    assert detail.startswith("db-1 (")


def test_few_log_in_to_a_jump_host_at_once() -> None:
    turnstile, inside, most = Turnstile(), threading.Semaphore(AT_ONCE), []
    all_here = threading.Barrier(AT_ONCE)

    def pass_it() -> None:
        with turnstile.passing("gate"):
            most.append(inside.acquire(blocking=False))
            all_here.wait(timeout=30)
            inside.release()

    threads = [threading.Thread(target=pass_it) for _number in range(3 * AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert most == [True] * (3 * AT_ONCE)


def test_jump_hosts_do_not_wait_for_each_other() -> None:
    turnstile = Turnstile()
    with turnstile.passing("gate"), turnstile.passing("other") as waited_s:
        assert waited_s < 30
