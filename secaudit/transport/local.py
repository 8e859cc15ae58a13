"""This machine itself: the same script through the same shell, without a network."""

import os
import selectors
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.transport.deadline import Deadline, too_late
from secaudit.transport.protocol import Begun, Limits, Taker, at_once

CHUNK_BYTES = 65_536
# how long the shell may take to end after its last word
END_S = 2
# What a command gets: nothing of our own environment, which may hold credentials.
PASSED_ON = ("HOME", "LOGNAME", "USER", "SHELL")


class LocalTransport:
    """Runs in a session of its own, which is ended as a whole."""

    name = "local"

    def __init__(self, asset_id: str) -> None:
        self._asset_id = asset_id
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def channel(self) -> Mapping[str, str]:
        """Always the same: this machine."""
        return {"transport": self.name}

    def run(
        self, command: str, script: bytes, limits: Limits, take: Taker, begun: Begun = at_once
    ) -> int | None:
        """See ``Transport.run``."""
        self._process = process = self._started(command)
        try:
            self._pass_through(process, memoryview(script), Deadline(limits, begun), take)
        except TimeoutError as error:
            message = _("{asset}: {why}.").format(asset=self._asset_id, why=too_late(limits, begun))
            raise TransportError(TransportReason.VISIT_TIMEOUT, self._asset_id, message) from error
        finally:
            _close_pipes(process)
        with suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=END_S)
        return None

    def _started(self, command: str) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        try:
            return subprocess.Popen(  # noqa: S603 - the command is ours
                ["/bin/sh", "-c", command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **environment},
                start_new_session=True,
            )
        except OSError as error:
            message = _("{asset}: no shell can be started: {why}").format(
                asset=self._asset_id, why=error.strerror
            )
            raise TransportError(TransportReason.UNREACHABLE, self._asset_id, message) from error

    def _pass_through(
        self, process: subprocess.Popen[bytes], script: memoryview, deadline: Deadline, take: Taker
    ) -> None:
        """Move bytes both ways until the output ends or ``take`` wants no more. Raises TimeoutError."""
        if process.stdin is None or process.stdout is None:
            raise ValueError("both ends are pipes")
        os.set_blocking(process.stdin.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdin, selectors.EVENT_WRITE)
            selector.register(process.stdout, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _mask in selector.select(deadline.left_s())}
                if process.stdin in ready:
                    script = _written(process.stdin.fileno(), script)
                    if not script:
                        selector.unregister(process.stdin)
                        process.stdin.close()
                if process.stdout in ready:
                    chunk = os.read(process.stdout.fileno(), CHUNK_BYTES)
                    if not chunk or not take(chunk):
                        return

    def close(self) -> None:
        """End every process of the visit's session, asked first, then forced."""
        if self._process is None:
            return
        process, self._process = self._process, None
        for end, patience_s in ((signal.SIGTERM, 2), (signal.SIGKILL, 2)):
            _signal_session(process.pid, end)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=patience_s)
                break
        _signal_session(process.pid, signal.SIGKILL)


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _written(pipe: int, data: memoryview) -> memoryview:
    """What is left to write; nothing when nobody reads."""
    try:
        return data[os.write(pipe, data[:CHUNK_BYTES]) :]
    except BlockingIOError:
        return data
    except BrokenPipeError:
        return data[:0]


def _signal_session(session: int, number: signal.Signals) -> None:
    """Signal every process of a session: ``timeout`` puts each probe into a process group of its own."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            fields = stat.read_bytes().rpartition(b")")[2].split()
            if int(fields[3]) == session and fields[0] != b"Z":
                os.kill(int(stat.parent.name), number)
