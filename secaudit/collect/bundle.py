"""A bundle becomes observations: the same frames, states and gaps as in a live visit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from secaudit.collect.answers import PROBE_OVERHEAD_BYTES, Answers
from secaudit.collect.bundle_file import Pieces, pieces_of
from secaudit.collect.bundle_frames import CheckedFrames
from secaudit.collect.bundle_header import FORMAT, Header, HeaderReader
from secaudit.collect.outside import OUTSIDE_ID
from secaudit.collect.script import wire_id
from secaudit.errors import BundleError
from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason, Observation, Probe


@dataclass(frozen=True, slots=True)
class Collected:
    """What a bundle holds: one observation for each planned probe, the clock and login of the machine.

    ``sha256`` is that of the plain bundle, ``sealed`` the text that ``signature`` signs.
    """

    observations: tuple[Observation, ...]
    target_time: datetime
    login: dict[str, str]
    sha256: str
    sealed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """An open bundle whose head is read."""

    header: Header
    begin: bytes
    pieces: Iterator[bytes]
    source: Pieces

    def read(self, probes: Sequence[Probe]) -> Collected:
        """All of it, against the probes of today's plan. Raises BundleError."""
        asked = [probe for probe in probes if self._asks(probe)]
        answers = Answers(self.header.nonce, asked, self.header.sudo)
        frames = self._checked(asked, answers)
        if answers.target_time is None:
            raise BundleError(_("it does not say when it was collected"), hint=_("Collect again."))
        answered = {seen.probe_id: seen for seen in answers.observations(None)}
        return Collected(
            observations=tuple(self._observation(probe, answered, frames.damaged) for probe in probes),
            target_time=answers.target_time,
            login={name: value for name, value in answers.login.items() if name != "noise_bytes"},
            sha256=self.source.sha256,
            sealed=f"secaudit-bundle {FORMAT} {self.header.nonce} {frames.seal}\n".encode("ascii", "replace"),
            signature=frames.signature.strip(),
        )

    def _checked(self, asked: Sequence[Probe], answers: Answers) -> CheckedFrames:
        rooms = {wire_id(probe.id): probe.limit_bytes + PROBE_OVERHEAD_BYTES for probe in asked}
        frames = CheckedFrames(
            self.header.nonce, self.header.digests, lambda wire: rooms.get(wire, 0), answers.feed
        )
        frames.feed(self.begin)
        for piece in self.pieces:
            frames.feed(piece)
        frames.finish()
        if answers.too_much:
            raise BundleError(_("it says more than all its questions may answer"))
        return frames

    def _asks(self, probe: Probe) -> bool:
        return self.header.probes.get(wire_id(probe.id)) == probe.definition_hash

    def _observation(self, probe: Probe, answered: dict[str, Observation], damaged: set[str]) -> Observation:
        wire = wire_id(probe.id)
        if probe.id == OUTSIDE_ID:
            return _unknown(probe, GapReason.NOT_COLLECTED, _("a bundle has no view from outside"))
        if wire not in self.header.probes:
            return _unknown(probe, GapReason.NOT_COLLECTED, _("the collector did not ask this"))
        if not self._asks(probe):
            older = _unknown(probe, GapReason.NOT_COLLECTED, _("asked in an older wording"))
            return replace(older, probe_hash=self.header.probes[wire], command="")
        if wire in damaged:
            return _unknown(probe, GapReason.TAMPERED, _("the answer does not fit its digest"))
        seen = answered[probe.id]
        if seen.gap is not None and seen.gap.reason is GapReason.NEEDS_ROOT:
            return replace(seen, gap=replace(seen.gap, detail=_("collected neither by root nor with -s")))
        return seen


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """Opens a bundle and reads its head. Raises BundleError."""
    with pieces_of(path) as source:
        pieces, reader = iter(source), HeaderReader()
        for piece in pieces:
            if reader.feed(piece):
                break
        if reader.header is None:
            raise BundleError(_("it ends within its head"), hint=_("Copy it again, or collect again."))
        yield Bundle(reader.header, reader.rest, pieces, source)


def _unknown(probe: Probe, reason: GapReason, detail: str) -> Observation:
    return Observation(probe.id, probe.definition_hash, probe.command, Gap(reason, detail))
