"""Observation sets and result sets as they are stored: nothing in them changes from night to night."""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.model.evidence import Gap, Observation, Visit
from secaudit.model.register import Authorisation
from secaudit.model.result import Offender, Result, Verdict
from secaudit.store.blobs import Like, Put, nothing
from secaudit.store.codec import Codec, canonical

# a shorter output costs less in the set than a row of its own
INLINE_BYTES: Final = 256

Get = Callable[[bytes], bytes]


def _no_outputs() -> Mapping[str, bytes]:
    return {}


@dataclass(frozen=True, slots=True)
class Previous:
    """Hashes of what the same asset had last time; ``outputs`` by probe id, found out when one of them is new."""

    observations: bytes | None = None
    results: bytes | None = None
    outputs: Callable[[], Mapping[str, bytes]] = _no_outputs


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a visit went, without its moments."""

    gap: Gap | None
    channel: dict[str, str]
    clock_ahead_s: int | None = None
    authorised: Authorisation | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    id: str
    hash: str
    command: str


@dataclass(frozen=True, slots=True)
class _Answer:
    """``output`` and ``errors``: the bytes as Latin-1 text when short, else ``(SHA-256 in hex,)``."""

    gap: Gap | None
    output: str | tuple[str]
    errors: str | tuple[str]
    exit_status: int | None
    root: bool


@dataclass(frozen=True, slots=True)
class _Set:
    """Answers to the questions of another blob, in their order: many hosts are asked the same."""

    questions: str
    answers: tuple[_Answer, ...]


_QUESTIONS: Final = Codec[tuple[_Question, ...]](tuple[_Question, ...])
_SETS: Final = Codec[_Set](_Set)
_RESULT: Final = Codec[Result](Result)
# more are rarely those of another host
FEW_OFFENDERS: Final = 4
_RESULTS: Final = Codec[tuple[Result, ...]](tuple[Result, ...])
_CIRCUMSTANCES: Final = Codec[Circumstances](Circumstances)


def put_circumstances(visit: Visit, put: Put) -> bytes:
    """Stores how a visit went; returns the hash."""
    went = Circumstances(visit.gap, visit.channel, visit.clock_ahead_s, visit.authorised)
    return put(_CIRCUMSTANCES.encode(went), nothing)


def get_circumstances(hash_: bytes, get: Get) -> Circumstances:
    """How a visit went."""
    return _CIRCUMSTANCES.decode(get(hash_))


def put_observations(observations: Sequence[Observation], put: Put, previous: Previous) -> bytes:
    """Stores an observation set and its outputs; returns the hash of the set."""
    questions = tuple(_Question(o.probe_id, o.probe_hash, o.command) for o in observations)
    answers = tuple(
        _Answer(
            o.gap,
            _put_bytes(o.output, put, partial(_last_output, previous, o.probe_id)),
            _put_bytes(o.errors, put, nothing),
            o.exit_status,
            o.root,
        )
        for o in observations
    )
    asked = put(_asked(questions), nothing)
    return put(_SETS.encode(_Set(asked.hex(), answers)), lambda: previous.observations)


def _last_output(previous: Previous, probe_id: str) -> bytes | None:
    return previous.outputs().get(probe_id)


@lru_cache(maxsize=16)
def _asked(questions: tuple[_Question, ...]) -> bytes:
    """Kept: the hosts of a run are asked the same."""
    return _QUESTIONS.encode(questions)


@lru_cache(maxsize=16)
def _questions(content: bytes) -> tuple[_Question, ...]:
    return _QUESTIONS.decode(content)


def outputs_of(observations: bytes, get: Get) -> dict[str, bytes]:
    """Probe id → hash of its output, for the outputs of a set that are stored apart."""
    stored = _SETS.decode(get(observations))
    questions = _questions(get(bytes.fromhex(stored.questions)))
    pairs = zip(questions, stored.answers, strict=True)
    return {q.id: bytes.fromhex(a.output[0]) for q, a in pairs if isinstance(a.output, tuple)}


def named_in(observations: bytes, get: Get) -> set[bytes]:
    """The hashes that a set names: of its questions, of outputs and errors that are stored apart."""
    try:  # unlike ``get_observations`` it types nothing: a sweep reads every set there is
        stored = json.loads(get(observations))
        apart = [part for answer in stored["answers"] for part in (answer["output"], answer["errors"])]
        found = {bytes.fromhex(stored["questions"])}
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(_("The database is damaged: a set of answers cannot be read.")) from error
    return found | {bytes.fromhex(part[0]) for part in apart if isinstance(part, list)}


def get_observations(hash_: bytes, timings: bytes, get: Get) -> tuple[Observation, ...]:
    """An observation set with all outputs and the durations of one visit."""
    stored = _SETS.decode(get(hash_))
    questions = _questions(get(bytes.fromhex(stored.questions)))
    return tuple(
        Observation(
            probe_id=question.id,
            probe_hash=question.hash,
            command=question.command,
            gap=answer.gap,
            output=_get_bytes(answer.output, get),
            errors=_get_bytes(answer.errors, get),
            exit_status=answer.exit_status,
            root=answer.root,
            offset_ms=offset_ms,
            duration_ms=duration_ms,
        )
        for question, answer, (offset_ms, duration_ms) in zip(
            questions, stored.answers, _moments(timings, len(questions)), strict=True
        )
    )


def timings_of(observations: Sequence[Observation]) -> bytes:
    """When each answer began and how long it took, small."""
    return zlib.compress(canonical([[o.offset_ms, o.duration_ms] for o in observations]), 9)


def _moments(timings: bytes, count: int) -> list[tuple[int, int]]:
    try:
        moments: list[tuple[int, int]] = json.loads(zlib.decompress(timings))
    except (zlib.error, ValueError) as error:
        raise StoreError(_("The database is damaged: the times of a visit cannot be read.")) from error
    if len(moments) != count:
        raise StoreError(_("The database is damaged: the times of a visit do not fit its answers."))
    return moments


def put_results(results: Sequence[Result], put: Put, like: bytes | None) -> bytes:
    """Stores a result set; returns its hash. Hosts with the same results share one."""
    return put(b"[" + b",".join(map(_row, results)) + b"]", lambda: like)


def _row(result: Result) -> bytes:
    """A result as it stands in a set, without its asset."""
    object_id = "" if result.object_id == result.asset_id else result.object_id
    if len(result.offenders) > FEW_OFFENDERS:
        return _RESULT.encode(_of(result, "", object_id))
    return _common_row(
        *(result.check_id, object_id, result.verdict, result.offenders),
        *(result.gap, result.gap_source, result.facts, result.probes),
    )


@lru_cache(maxsize=4096)
def _common_row(
    check_id: str,
    object_id: str,
    verdict: Verdict,
    offenders: tuple[Offender, ...],
    gap: Gap | None,
    gap_source: str,
    facts: tuple[str, ...],
    probes: tuple[str, ...],
) -> bytes:
    """Kept: hosts installed alike fail alike, and encoding is most of what storing costs."""
    return _RESULT.encode(Result(check_id, "", object_id, verdict, offenders, gap, gap_source, facts, probes))


def get_results(asset_id: str, hash_: bytes, get: Get) -> tuple[Result, ...]:
    """The results of that asset."""
    return decoded_results(asset_id, get(hash_))


def decoded_results(asset_id: str, content: bytes) -> tuple[Result, ...]:
    """The same, of a set that is at hand."""
    return tuple(_of_asset(result, asset_id) for result in _RESULTS.decode(content))


def _of_asset(one: Result, asset_id: str) -> Result:
    return _of(one, asset_id, one.object_id or asset_id)


def _of(one: Result, asset_id: str, object_id: str) -> Result:
    """Made anew: ``replace`` takes five times as long, and there are many."""
    return Result(
        *(one.check_id, asset_id, object_id, one.verdict, one.offenders),
        *(one.gap, one.gap_source, one.facts, one.probes),
    )


def _put_bytes(content: bytes, put: Put, like: Like) -> str | tuple[str]:
    return content.decode("latin-1") if len(content) <= INLINE_BYTES else (put(content, like).hex(),)


def _get_bytes(stored: str | tuple[str], get: Get) -> bytes:
    return stored.encode("latin-1") if isinstance(stored, str) else get(bytes.fromhex(stored[0]))
