"""One asset, and many: whatever goes wrong becomes gaps, no asset stops another, Ctrl-C stops all."""

import re
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.collect import Outside, visit_asset
from secaudit.collect.outside import PortScan
from secaudit.errors import TransportError, TransportReason
from secaudit.model.evidence import Gap, GapReason, Probe
from secaudit.model.register import Asset, Reach, Sudo
from secaudit.model.run import AssetPlan
from secaudit.transport.protocol import Dialogue, Limits
from tests.unit.collect.test_script import stub, with_path

Taker = Callable[[bytes], bool]

PROBES = (Probe("a", "echo a"), Probe("outside.ports", "nmap -p PORTS ADDRESS", limit_bytes=20))
ASSET = Asset("web", "linux", "web", address="192.0.2.1", reach=Reach("ssh"))
PLAN = AssetPlan("s", "web", PROBES, (), "2024-1", outside_ports=(443, 22))


class Played:
    """A transport that does what it is told; it runs nothing unless ``play`` does."""

    name = "played"

    def __init__(self, play: Callable[[str, bytes, Taker], int | None]) -> None:
        self.play = play
        self.closed = threading.Event()

    @property
    def channel(self) -> Mapping[str, str]:
        return {"transport": self.name}

    def run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        return self.play(command, dialogue.give() or b"", dialogue.take)

    def close(self) -> None:
        self.closed.set()


def real(command: str, script: bytes, take: Taker) -> int | None:
    """The shell of this machine."""
    done = subprocess.run(["/bin/sh", "-c", command], input=script, capture_output=True, check=False)
    take(done.stdout)
    return done.returncode


def failing(error: Exception) -> Callable[[str, bytes, Taker], int | None]:
    """A link that fails so."""

    def play(_command: str, _script: bytes, _take: Taker) -> int | None:
        raise error

    return play


def outside(scan: PortScan) -> Outside:
    """Look from outside; port 8080 was found to listen."""
    return Outside(scan, lambda _answers: [8080])


@pytest.mark.parametrize("reason", list(TransportReason))
def test_a_transport_error_is_the_gap_of_every_probe(reason: TransportReason) -> None:
    transport = Played(failing(TransportError(reason, "web", "told")))
    visit = visit_asset(PLAN, ASSET, transport)
    assert visit.gap == Gap(GapReason(reason.value), "told")
    assert visit.observations[0].gap == visit.gap
    assert [o.probe_id for o in visit.observations] == ["a", "outside.ports"]
    assert visit.target_time is None
    assert transport.closed.is_set()


def test_the_next_step_of_an_error_is_told() -> None:
    error = TransportError(TransportReason.AUTH_FAILED, "web", "web: no login.", hint="Try: ssh web")
    assert visit_asset(PLAN, ASSET, Played(failing(error))).gap == Gap(
        GapReason.AUTH_FAILED, "web: no login. → Try: ssh web"
    )
    error.hint = object()  # type: ignore[assignment]
    assert visit_asset(PLAN, ASSET, Played(failing(error))).gap == Gap(
        GapReason.AUTH_FAILED, "web: no login."
    )


@pytest.mark.parametrize("sudo", [Sudo.PASSWORD, Sudo.ALL, Sudo.LISTED])
def test_where_sudo_is_not_to_be_asked_the_rest_is(sudo: Sudo, tmp_path: Path) -> None:
    """What needs root has that reason, and no sudo is begun."""
    stub(tmp_path, "id", "echo 1000")
    stub(tmp_path, "sudo", f"touch {tmp_path}/begun; exit 1")

    def as_somebody(command: str, script: bytes, take: Taker) -> int | None:
        return real(command, with_path(script, tmp_path), take)

    probes = (Probe("plain", "echo plain"), Probe("root", "root id", root=True, as_root=("/usr/bin/id",)))
    asset = replace(ASSET, reach=replace(ASSET.reach, sudo=sudo))
    stopped = Gap(GapReason.CREDENTIAL_STOPPED, "used no more")
    plan = AssetPlan("s", "web", probes, (), "2024-1")
    visit = visit_asset(plan, asset, Played(as_somebody), stopped)
    plain, root = visit.observations
    assert (visit.gap, plain.output, plain.gap) == (None, b"plain\n", None)
    assert root.gap == stopped
    assert not (tmp_path / "begun").exists()


def test_our_own_bug_is_a_gap_too(caplog: pytest.LogCaptureFixture) -> None:
    transport = Played(failing(KeyError("secret thing")))
    visit = visit_asset(PLAN, ASSET, transport)
    assert visit.gap == Gap(GapReason.INTERNAL, "KeyError")
    assert [o.gap for o in visit.observations] == [visit.gap, visit.gap]
    assert "Traceback" in caplog.text
    assert transport.closed.is_set()


def test_the_outside_view_joins_planned_and_found_ports() -> None:
    asked: list[tuple[str, list[int]]] = []

    def scan(address: str, ports: object) -> bytes:
        asked.append((address, list(ports)))  # type: ignore[call-overload]
        return b"<nmaprun/>"

    visit = visit_asset(PLAN, ASSET, Played(real), outside=outside(scan))
    seen = visit.observations[1]
    assert asked == [("192.0.2.1", [22, 443, 8080])]
    assert (seen.output, seen.exit_status, seen.gap) == (b"<nmaprun/>", 0, None)
    assert seen.command == "nmap -p 22,443,8080 192.0.2.1"
    assert seen.probe_hash == PROBES[1].definition_hash


def test_an_asset_that_was_not_entered_is_not_looked_at_from_outside() -> None:
    """Behind a changed key may stand somebody else's machine."""

    def refused(_command: str, _script: bytes, _take: Taker) -> int | None:
        raise TransportError(TransportReason.HOST_KEY_MISMATCH, "web", "another key")

    def scan(address: str, ports: object) -> bytes:
        raise AssertionError("knocked at a stranger's ports")

    visit = visit_asset(PLAN, ASSET, Played(refused), outside=outside(scan))
    assert visit.gap is not None
    assert [o.gap for o in visit.observations] == [visit.gap, visit.gap]
    assert visit.gap.reason is GapReason.HOST_KEY_MISMATCH


@pytest.mark.parametrize(
    ("transport", "scan", "ports", "reason"),
    [
        ("ssh", lambda _address, _ports: Gap(GapReason.NO_TOOL), (22,), GapReason.NO_TOOL),
        ("ssh", lambda _address, _ports: b"x" * 21, (22,), GapReason.TRUNCATED),
        ("ssh", None, (22,), GapReason.NOT_COLLECTED),
        ("ssh", lambda _address, _ports: b"x", (), GapReason.NOT_COLLECTED),
        ("local", lambda _address, _ports: b"x", (22,), GapReason.NOT_SUPPORTED),
    ],
)
def test_why_nobody_looked_from_outside(
    transport: str, scan: PortScan | None, ports: tuple[int, ...], reason: GapReason
) -> None:
    asset = Asset("web", "linux", "web", address="192.0.2.1", reach=Reach(transport))
    plan = AssetPlan("s", "web", PROBES, (), "2024-1", ports)
    visit = visit_asset(plan, asset, Played(real), outside=outside(scan) if scan else None)
    assert visit.gap is None
    gap = visit.observations[1].gap
    assert gap is not None
    assert gap.reason is reason


@pytest.mark.parametrize(
    ("target", "ahead_s"),
    [(0, 0), (-1, 0), (1.5, 0), (3600, 3600), (-90, -90), (3e8, 300_000_000), (-3e8, -300_000_000)],
)
def test_a_slow_login_is_no_wrong_clock(target: float, ahead_s: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The target's clock is compared with ours when its first frame comes, not when the visit began."""
    login_s, began = 50, datetime(2026, 11, 23, tzinfo=UTC)
    moments = iter([began, *[began + timedelta(seconds=login_s)] * 9])
    monkeypatch.setattr("secaudit.clock.now", lambda: next(moments))
    said = int(began.timestamp() + login_s + target)

    def play(_command: str, script: bytes, take: Taker) -> int | None:
        nonce = re.search(rb"\bn=([0-9a-f]{32})", script)
        assert nonce is not None
        take(b"MOTD\n\n%s H user 5.00 timeout %d\n0\nroot\n" % (nonce[1], said))
        take(b"\n%s Z user\n" % nonce[1])
        return 0

    visit = visit_asset(PLAN, ASSET, Played(play))
    assert visit.target_time == datetime.fromtimestamp(said, UTC)
    assert visit.clock_ahead_s == ahead_s


def test_a_clock_that_was_not_seen_is_not_wrong() -> None:
    assert visit_asset(PLAN, ASSET, Played(lambda *_asked: 0)).clock_ahead_s is None


def test_each_visit_has_its_own_nonce() -> None:
    scripts: list[bytes] = []

    def play(_command: str, script: bytes, _take: Taker) -> int | None:
        scripts.append(script)
        return 0

    for _twice in range(2):
        visit_asset(PLAN, ASSET, Played(play))
    assert scripts[0] != scripts[1]
