"""What an asset is asked and what it answered: probes, observations, gaps, visits."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

from secaudit.model.register import Authorisation
from secaudit.model.text import Text

# the transport of evidence that a person collected and carried
BUNDLE: Final = "bundle"


class GapReason(StrEnum):
    """Why something is not known. A gap is never a pass."""

    # the asset was not reached, or the link failed (values of errors.TransportReason)
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
    # the asset was not contacted
    NOT_AUTHORISED = "not_authorised"
    RUN_TIMEOUT = "run_timeout"
    ZONE_STOPPED = "zone_stopped"
    CREDENTIAL_STOPPED = "credential_stopped"
    # rights
    NEEDS_ROOT = "needs_root"
    NO_PERMISSION = "no_permission"
    SUDO_REFUSED = "sudo_refused"
    SUDO_REQUIRES_TTY = "sudo_requires_tty"
    # one probe
    NO_TOOL = "no_tool"
    PROBE_TIMEOUT = "probe_timeout"
    TRUNCATED = "truncated"
    FAILED = "failed"
    NOT_COLLECTED = "not_collected"
    TAMPERED = "tampered"
    # what came back
    UNPARSABLE = "unparsable"
    METADATA_ABSENT = "metadata_absent"
    METADATA_STALE = "metadata_stale"
    NOT_SUPPORTED = "not_supported"
    # ourselves, and what others wrote for us
    INTERNAL = "internal"
    PLUGIN_BROKEN = "plugin_broken"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not known, and why. ``detail`` is for a person and may hold hostile text of a target."""

    reason: GapReason
    detail: str = ""


@dataclass(frozen=True)  # no slots: each answer is compared with its hash, which is kept
class Probe:
    """One read-only question put to an asset.

    ``command`` is POSIX sh, run with standard input closed and ``LC_ALL=C``; it may span lines, writes no
    file, and reduces secrets before they leave the target: ``reduces`` says how (None when none can occur).
    ``root`` asks for root where the asset's sudo declaration allows it; else the answer is a gap. ``as_root``
    are the commands that are all it needs root for (``/usr/bin/cat /etc/shadow``): the command calls each by the
    word ``root`` (``root cat /etc/shadow``), so that ``sudo: listed`` can allow them and nothing else. ``heavy``: it
    reads whole file systems; a profile may leave it out, and it is asked last.
    """

    id: str
    command: str
    root: bool = False
    timeout_s: int = 10
    limit_bytes: int = 262_144
    reduces: Text | None = None
    as_root: tuple[str, ...] = ()
    heavy: bool = False

    def __hash__(self) -> int:
        """Two probes rarely share their id: the other fields need not be hashed for each answer."""
        return hash(self.id)

    @cached_property
    def definition_hash(self) -> str:
        """SHA-256 (hex) of everything that decides what is asked."""
        limits = (str(self.timeout_s), str(self.limit_bytes))
        parts = (self.id, self.command, str(self.root), *limits, *self.as_root)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Observation:
    """The answer to one probe: output, or a gap (which may carry what had arrived until then).

    ``offset_ms`` counts from the start of the visit, ``duration_ms`` on the target's clock. ``root`` tells
    whether the probe ran as root.
    """

    probe_id: str
    probe_hash: str
    command: str
    gap: Gap | None = None
    output: bytes = b""
    errors: bytes = b""
    exit_status: int | None = None
    root: bool = False
    offset_ms: int = 0
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay at an asset: when, under which authorisation, how it ended, what was answered.

    ``started_at`` and ``ended_at`` are the controller's clock, ``target_time`` the target's own clock at the
    start (None when it was not reached). ``gap`` is set when the asset could not be visited at all; then every
    planned probe has an observation with that gap. ``channel`` describes the link (user, algorithms).
    ``clock_ahead_s`` is how far the target's clock was ahead of the controller's when its script began.
    ``authorised`` is the authorisation as it stood when the visit began.

    A visit by bundle (its channel says so) started on the clock of the machine that collected, or when the
    office says it did, and ended when its evidence was taken in, on the controller's clock.
    """

    asset_id: str
    started_at: datetime
    ended_at: datetime
    target_time: datetime | None
    authorisation: str
    observations: tuple[Observation, ...]
    gap: Gap | None = None
    channel: dict[str, str] = field(default_factory=dict)
    clock_ahead_s: int | None = None
    authorised: Authorisation | None = None
