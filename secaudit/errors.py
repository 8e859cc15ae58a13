"""The errors of secaudit: the class says whose fault it is, the hint names the next step."""

from dataclasses import dataclass
from enum import StrEnum

from secaudit.language import _


class SecauditError(Exception):
    """A failure that a person can understand; ``str()`` is one line, ``hint`` the next step."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(SecauditError):
    """Wrong arguments, no such system, nothing authorised (exit 2)."""


class NoSuchRun(UsageError):
    """No run of that id is stored; whether it was pruned is for the ledger to say."""

    def __init__(self, message: str, run_id: str) -> None:
        super().__init__(message, hint=_("List the runs: secaudit results --runs"))
        self.run_id = run_id


class NotAuthorised(UsageError):
    """Nobody allowed the scan of an asset, or not for now."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file: where it stands, what was read, what was expected.

    ``line`` counts from 1; 0 means the whole file. ``field`` is a path like ``assets[2].address``.
    """

    file: str
    line: int
    field: str
    read: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        subject = f"{self.field}: " if self.field else ""
        read = _(" (read: {read})").format(read=self.read) if self.read else ""
        return f"{place}: {subject}{self.expected}{read}"


class ContentError(SecauditError):
    """Files that cannot be used: every problem at once, with file, line and field (exit 2)."""

    def __init__(self, problems: tuple[Problem, ...], *, hint: str | None = None) -> None:
        if not problems:
            raise ValueError("a ContentError names at least one problem")
        super().__init__("\n".join(str(problem) for problem in problems), hint=hint)
        self.problems = problems


class TransportReason(StrEnum):
    """Why an asset could not be reached or left; each is also a gap reason of the same value."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    CONNECT_TIMEOUT = "connect_timeout"
    AUTH_FAILED = "auth_failed"
    HOST_KEY_UNKNOWN = "host_key_unknown"
    HOST_KEY_MISMATCH = "host_key_mismatch"
    NO_COMMON_ALGORITHM = "no_common_algorithm"
    FORWARDING_REFUSED = "forwarding_refused"
    CREDENTIAL_MISSING = "credential_missing"
    VISIT_TIMEOUT = "visit_timeout"
    LINK_LOST = "link_lost"
    PLUGIN_BROKEN = "plugin_broken"


class TransportError(SecauditError):
    """An asset could not be reached or the link failed; during collection it becomes a gap."""

    def __init__(self, reason: TransportReason, asset: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.asset = asset


class BundleError(SecauditError):
    """A bundle that cannot be read, or must not be trusted; nothing of it is kept (exit 2)."""


class StoreError(SecauditError):
    """The database is locked, read-only, full, damaged or of a newer schema (exit 5)."""
