"""What every transport keeps to. A new one is a line in ``transport``, and passes unchanged."""

import os
from collections.abc import Callable

import pytest

from secaudit.collect import visit_asset
from secaudit.errors import TransportError, TransportReason
from secaudit.model.evidence import Probe
from secaudit.model.register import Asset, Reach
from secaudit.model.run import AssetPlan
from secaudit.transport import Limits, Secrets, Transport, open_transport
from secaudit.transport.local import LocalTransport
from secaudit.transport.protocol import OneWay
from tests.transport.sshd import Sshd
from tests.unit.collect.running import alive, long_sleep

Make = Callable[[], Transport]


@pytest.fixture(params=["local", "ssh"])
def asset(request: pytest.FixtureRequest, sshd: Sshd) -> Asset:
    """This machine, reached in each way there is."""
    if request.param == "ssh":
        return sshd.asset()
    return Asset("me", "linux", "me", reach=Reach("local"))


@pytest.fixture
def make(asset: Asset, sshd: Sshd) -> Make:
    """Makes a transport to the asset."""
    return lambda: open_transport(asset, sshd.workspace(), Secrets([asset], {}))


def run(
    transport: Transport, command: str, script: bytes = b"", limits: Limits | None = None
) -> tuple[int | None, bytes]:
    """Exit status and output of one run, closed afterwards."""
    chunks: list[bytes] = []

    def take(chunk: bytes) -> bool:
        chunks.append(chunk)
        return True

    try:
        status = transport.run(command, OneWay(script, take), limits or Limits())
    finally:
        transport.close()
    return status, b"".join(chunks)


def test_the_script_is_the_whole_input_of_the_command(make: Make) -> None:
    script = bytes(range(256)) * 4096
    assert run(make(), "exec cat", script) == (0, script)


def test_the_exit_status_comes_back(make: Make) -> None:
    assert run(make(), "exit 3") == (3, b"")


def test_errors_come_in_the_same_stream(make: Make) -> None:
    assert run(make(), "echo out; echo err >&2") == (0, b"out\nerr\n")


def test_a_command_that_does_not_read_is_no_error(make: Make) -> None:
    status, output = run(make(), "echo no login; exit 1", b"x" * 1_000_000)
    assert (status, output) == (1, b"no login\n")


class Talk:
    """Says each line once the one before it came back, and ends the input after the last."""

    begun = True

    def __init__(self, *lines: bytes) -> None:
        self.lines = list(lines)
        self.expected = b""
        self.heard = b""

    def give(self) -> bytes | None:
        if not self.heard.endswith(self.expected):
            return b""
        if not self.lines:
            return None
        self.expected = self.lines.pop(0)
        return self.expected

    def take(self, chunk: bytes) -> bool:
        self.heard += chunk
        return True


def test_input_can_follow_on_output(make: Make) -> None:
    """Each line is sent when the one before it has come back, and the end after the last."""
    talk, transport = Talk(b"one\n", b"x" * 300_000 + b"\n", b"three\n"), make()
    status = transport.run("while read -r l; do printf '%s\\n' \"$l\"; done; echo end", talk, Limits())
    transport.close()
    assert (status, talk.lines) == (0, [])
    assert talk.heard == b"one\n" + b"x" * 300_000 + b"\nthree\nend\n"


def test_a_command_that_ends_before_its_last_input_is_no_error(make: Make) -> None:
    talk, transport = Talk(b"one\n", b"x" * 300_000, b"three"), make()
    status = transport.run("read -r l; echo $l; exit 5", talk, Limits())
    transport.close()
    assert (status, talk.heard) == (5, b"one\n")


def test_a_dialogue_that_waits_in_vain_is_ended_by_the_limit(make: Make) -> None:
    talk, transport = Talk(b"one\n", b"two\n"), make()
    with pytest.raises(TransportError) as told:
        transport.run("read -r l; exec sleep 3", talk, Limits(visit_s=0.3))
    transport.close()
    assert told.value.reason is TransportReason.VISIT_TIMEOUT


def test_a_command_that_does_not_read_on_is_ended_by_the_limit(make: Make) -> None:
    """More than pipes and windows hold: whoever sends it must not wait for ever."""
    transport = make()
    with pytest.raises(TransportError) as told:
        transport.run("exec sleep 3", OneWay(b"x" * 8_000_000, lambda _chunk: True), Limits(visit_s=0.3))
    transport.close()
    assert told.value.reason is TransportReason.VISIT_TIMEOUT


def test_what_is_not_wanted_ends_the_run(make: Make) -> None:
    transport, seen = make(), 0

    def take(chunk: bytes) -> bool:
        nonlocal seen
        seen += len(chunk)
        return False

    transport.run("exec yes", OneWay(b"", take), Limits())
    transport.close()
    assert 0 < seen <= 65_536


def test_a_visit_that_takes_too_long_is_told(make: Make) -> None:
    with pytest.raises(TransportError) as told:
        run(make(), "exec sleep 3", limits=Limits(visit_s=0.2))
    assert told.value.reason is TransportReason.VISIT_TIMEOUT


def test_a_login_shell_that_never_starts_the_script_is_told_soon(make: Make) -> None:
    limits = Limits(start_s=0.2, visit_s=300)
    transport = make()
    with pytest.raises(TransportError, match="login shell did not start the script within 0 s") as told:
        transport.run("echo noise; exec sleep 3", OneWay(b"", lambda _chunk: True, lambda: False), limits)
    transport.close()
    assert told.value.reason is TransportReason.VISIT_TIMEOUT


def test_a_script_that_has_begun_has_the_whole_time(make: Make) -> None:
    seen: list[bytes] = []

    def take(chunk: bytes) -> bool:
        seen.append(chunk)
        return True

    limits = Limits(start_s=1, visit_s=300)
    transport = make()
    command = "echo begun; sleep 1.2; echo ended"
    try:
        assert transport.run(command, OneWay(b"", take, lambda: bool(seen)), limits) == 0
    finally:
        transport.close()
    assert b"".join(seen) == b"begun\nended\n"


def test_closing_is_always_allowed(make: Make) -> None:
    transport = make()
    transport.close()
    transport.close()
    assert run(transport, "echo again") == (0, b"again\n")
    transport.close()


def test_the_channel_says_how_and_no_secret(make: Make, asset: Asset) -> None:
    transport = make()
    run(transport, "true")
    assert transport.channel["transport"] == transport.name == asset.reach.transport
    assert "PRIVATE" not in str(transport.channel)


def test_our_environment_stays_here(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DB_PASSWORD", "canary")
    _status, output = run(make(), "env")
    assert b"PATH=" in output
    assert b"canary" not in output


def test_a_visit(make: Make, asset: Asset) -> None:
    sleep = long_sleep()
    probes = (
        Probe("a", "echo out; exit 2"),
        Probe("b", f"{sleep} >/dev/null 2>&1 & echo b"),
        Probe("r", "id -u", root=True),
    )
    visit = visit_asset(AssetPlan("s", asset.id, probes, (), "2024-1"), asset, make())
    assert visit.gap is None
    assert visit.target_time is not None
    assert abs((visit.target_time - visit.started_at).total_seconds()) < 5
    assert [(o.probe_id, o.output, o.exit_status) for o in visit.observations[:2]] == [
        ("a", b"out\n", 2),
        ("b", b"b\n", 0),
    ]
    assert visit.observations[2].output == b"0\n" or visit.observations[2].gap is not None
    assert alive(sleep) == []


def test_a_machine_without_a_shell_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_shell(*_asked: object, **_more: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("subprocess.Popen", no_shell)
    with pytest.raises(TransportError) as told:
        run(LocalTransport("me"), "true")
    assert told.value.reason is TransportReason.UNREACHABLE
