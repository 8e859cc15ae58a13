"""This machine itself: the same script through the same shell, without a network."""

import os
import selectors
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.transport.deadline import Deadline, too_late
from secaudit.transport.protocol import Dialogue, Limits

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

    def run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        """See ``Transport.run``."""
        self._process = process = self._started(command)
        try:
            self._converse(process, dialogue, Deadline(limits, dialogue))
        except TimeoutError as error:
            message = _("{asset}: {why}.").format(asset=self._asset_id, why=too_late(limits, dialogue))
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

    def _converse(self, process: subprocess.Popen[bytes], dialogue: Dialogue, deadline: Deadline) -> None:
        """Move bytes both ways until the output ends or nothing more is wanted. Raises TimeoutError."""
        if process.stdin is None or process.stdout is None:
            raise ValueError("both ends are pipes")
        given = _Input(process.stdin)
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            given.ask(dialogue, selector)
            while True:
                ready = {key.fileobj for key, _mask in selector.select(deadline.left_s())}
                if process.stdin in ready:
                    given.write(dialogue, selector)
                if process.stdout in ready:
                    chunk = os.read(process.stdout.fileno(), CHUNK_BYTES)
                    if not chunk or not dialogue.take(chunk):
                        return
                    given.ask(dialogue, selector)

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


class _Input:
    """The pipe that a command reads; it is watched while something waits to be written."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._waiting = memoryview(b"")
        os.set_blocking(pipe.fileno(), False)

    def ask(self, dialogue: Dialogue, selector: selectors.BaseSelector) -> None:
        """Fetch what is to be written next, once all before it is written; close the pipe when nothing ever is."""
        if self._waiting or self._pipe.closed:
            return
        piece = dialogue.give()
        if piece is None:
            self._pipe.close()
        elif piece:
            self._waiting = memoryview(piece)
            selector.register(self._pipe, selectors.EVENT_WRITE)

    def write(self, dialogue: Dialogue, selector: selectors.BaseSelector) -> None:
        """Write what the pipe has room for."""
        self._waiting = _written(self._pipe.fileno(), self._waiting)
        if not self._waiting:
            selector.unregister(self._pipe)
            self.ask(dialogue, selector)


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
    for process in Path("/proc").glob("[0-9]*"):  # deeper, glob itself fails on a process that ends
        with suppress(OSError, ValueError, IndexError):
            fields = (process / "stat").read_bytes().rpartition(b")")[2].split()
            if int(fields[3]) == session and fields[0] != b"Z":
                os.kill(int(process.name), number)
