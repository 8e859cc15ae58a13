"""What was done in each night: a file a night, a line for each thing that happened, on the disk before the next begins.

``nights/2026-11-28.jsonl``. A line that a crash cut short is passed over and left alone.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from secaudit.errors import StoreError, UsageError
from secaudit.language import _
from secaudit.register.folder import make_private_folder
from secaudit.schedule.lock import cannot_write

FOLDER: Final = "nights"
_SUFFIX: Final = ".jsonl"
_LIMIT_BYTES: Final = 16 * 1024 * 1024


class Mode(StrEnum):
    """A whole night, or in a period of heavy protection only what is exposed and what changed."""

    AUDIT = "audit"
    WATCH = "watch"


class End(StrEnum):
    """How a stage ended. IDLE: there was nothing to do; SKIPPED: what it needs was not there."""

    DONE = "done"
    IDLE = "idle"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a stage: ``told`` in words for people, ``code`` an exit code, ``figures`` as JSON."""

    stage: str
    end: End
    told: str
    code: int = 0
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NightRecord:
    """A night as it stands on record; ``stages`` in the order in which they ended last.

    ``code`` is None while it goes on, and after a kill. ``process`` is who worked on it last; ``missed`` are the
    nights before it that did not happen, ``noted`` what else was out of order.
    """

    day: date
    mode: Mode
    began: datetime
    last: datetime
    process: str = ""
    code: int | None = None
    stages: Mapping[str, Ended] = field(default_factory=dict)
    missed: tuple[date, ...] = ()
    noted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Journal:
    """The file of one night."""

    workspace: Path
    day: date
    mode: Mode

    @property
    def file(self) -> Path:
        """Where it is."""
        mark = "" if self.mode is Mode.AUDIT else f".{self.mode}"
        return self.workspace / FOLDER / f"{self.day.isoformat()}{mark}{_SUFFIX}"

    def read(self) -> NightRecord | None:
        """What it says; None where the night has not begun. Raises StoreError."""
        lines = list(_lines(self.file))
        return _record(self, lines) if lines else None

    def begin(self, process: str, missed: Sequence[date], noted: Sequence[str], now: datetime) -> None:
        """Somebody works on the night from here on. Raises StoreError."""
        said = {"process": process, "missed": [day.isoformat() for day in missed], "noted": list(noted)}
        self._append("begun", said, now)

    def enter(self, ended: Ended, now: datetime) -> None:
        """A stage has ended. Raises StoreError."""
        said = {
            "stage": ended.stage,
            "end": ended.end.value,
            "told": ended.told,
            "code": ended.code,
            "figures": dict(ended.figures),
        }
        self._append("stage", said, now)

    def close(self, code: int, now: datetime) -> None:
        """The night is over. Raises StoreError."""
        self._append("ended", {"code": code}, now)

    def _append(self, event: str, said: Mapping[str, Any], now: datetime) -> None:
        line = json.dumps({"at": now.astimezone(UTC).isoformat(), "event": event, **said}, ensure_ascii=False)
        try:
            make_private_folder(self.file.parent)
            _append(self.file, line.encode(errors="backslashreplace") + b"\n")  # \udcNN is JSON, too
        except UsageError as error:
            raise StoreError(str(error), hint=error.hint) from error
        except OSError as error:
            raise cannot_write(self.file, error) from error


def nights_on_record(workspace: Path, mode: Mode = Mode.AUDIT) -> list[date]:
    """The days of all nights that began, the oldest first."""
    found = []
    for file in (workspace / FOLDER).glob(f"*{_SUFFIX}"):
        day, _dot, mark = file.name.removesuffix(_SUFFIX).partition(".")
        if mark == ("" if mode is Mode.AUDIT else mode.value):
            try:
                found.append(date.fromisoformat(day))
            except ValueError:
                continue  # somebody else's
    return sorted(found)


def _append(file: Path, line: bytes) -> None:
    """Whole or not at all; after a line that was cut short it begins on a line of its own."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        end = os.lseek(handle, 0, os.SEEK_END)
        torn = end > 0 and os.pread(handle, 1, end - 1) != b"\n"
        line = b"\n" + line if torn else line
        try:
            if os.pwrite(handle, line, end) != len(line):
                os.pwrite(handle, line, end)  # the second call says why the first came to an end
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, end)
            raise
    finally:
        os.close(handle)


class _Said(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)

    at: AwareDatetime


class _Begun(_Said):
    event: Literal["begun"]
    process: str
    missed: tuple[date, ...]
    noted: tuple[str, ...]


class _Stage(_Said):
    event: Literal["stage"]
    stage: str
    end: End
    told: str
    code: int
    figures: dict[str, Any]

    def ended(self) -> Ended:
        return Ended(self.stage, self.end, self.told, self.code, self.figures)


class _Closed(_Said):
    event: Literal["ended"]
    code: int


_Line = _Begun | _Stage | _Closed
_LINE: Final = TypeAdapter[_Line](Annotated[_Line, Field(discriminator="event")])


def _lines(file: Path) -> Iterator[_Line]:
    """What can be read; raises StoreError where the file cannot."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_LIMIT_BYTES)
    except FileNotFoundError:
        return
    except OSError as error:
        told = _("{path} cannot be read: {reason}.")
        raise StoreError(told.format(path=file, reason=error.strerror)) from error
    for line in content.split(b"\n"):
        try:
            yield _LINE.validate_json(line)
        except ValidationError:
            continue


def _record(journal: Journal, lines: Sequence[_Line]) -> NightRecord:
    begun = [line for line in lines if isinstance(line, _Begun)]
    last = lines[-1]
    return NightRecord(
        day=journal.day,
        mode=journal.mode,
        began=lines[0].at,
        last=last.at,
        process=begun[-1].process if begun else "",
        code=last.code if isinstance(last, _Closed) else None,
        stages=_last_ends(line for line in lines if isinstance(line, _Stage)),
        missed=begun[0].missed if begun else (),
        noted=tuple(note for line in begun for note in line.noted),
    )


def _last_ends(lines: Iterable[_Stage]) -> dict[str, Ended]:
    ends: dict[str, Ended] = {}
    for line in lines:
        ends.pop(line.stage, None)
        ends[line.stage] = line.ended()
    return ends
