"""The process around a command: its output streams and the signals that end it."""

import io
import os
import signal
import stat
import sys
from contextlib import suppress
from types import FrameType
from typing import Final

from secaudit.cli.exit_codes import ExitCode

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# a progress bar hides it (ECMA-48, DECTCEM)
SHOW_CURSOR: Final = b"\x1b[?25h"


class OutputError(Exception):
    """Standard output takes nothing: a full disk, a reader that left."""

    def __init__(self, fault: OSError) -> None:
        super().__init__(str(fault))
        self.fault = fault


class _Output(io.TextIOWrapper):
    """Standard output that tells its own failures from those of files."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError as error:
            raise OutputError(error) from error

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise OutputError(error) from error


def watch_output() -> None:
    """From here on failures of standard output are OutputError.

    Characters that a terminal's encoding (GBK, ASCII) lacks are written as ``\\uNNNN``: nothing fails on them.
    """
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding, at_line_ends = sys.stdout.encoding, sys.stdout.line_buffering
        sys.stdout = _Output(
            sys.stdout.detach(), encoding, errors="backslashreplace", line_buffering=at_line_ends
        )


def end_like_ctrl_c() -> None:
    """Ctrl-C, SIGTERM and SIGHUP raise KeyboardInterrupt: a run is closed and says so. nohup(1) stays in force.

    A second one ends at once; what was stored stays, and a run can be resumed as after a kill.
    """
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    _leave_lost_terminal()
    for number in ENDING:
        if signal.getsignal(number) is _end:
            signal.signal(number, _end_at_once)
    raise KeyboardInterrupt


def _leave_lost_terminal() -> None:
    """Where a window was closed or a line cut, writing is an error (EIO) that would hide how the run ended."""
    for handle in (1, 2):
        with suppress(OSError):  # closed from the beginning
            if stat.S_ISCHR(os.fstat(handle).st_mode) and not os.isatty(handle):
                _write_nowhere(handle)


def _write_nowhere(handle: int) -> None:
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, handle)
    os.close(sink)


def _end_at_once(_number: int, _frame: FrameType | None) -> None:
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), SHOW_CURSOR)
    os._exit(ExitCode.INTERRUPTED)


def drop_output() -> None:
    """What could not be written goes nowhere: else Python complains once more at its end."""
    _write_nowhere(sys.stdout.fileno())
