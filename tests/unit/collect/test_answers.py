"""Any stream becomes observations: one for each planned probe, never an exception, memory bounded."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.collect.answers import Answers
from secaudit.collect.frames import NOISE_KEPT_BYTES, FrameReader
from secaudit.model.evidence import Gap, GapReason, Probe
from secaudit.model.register import Sudo
from tests.unit.collect.running import NONCE, answered

A, B, R = Probe("a", "true", timeout_s=5, limit_bytes=8), Probe("b", "true"), Probe("r", "true", root=True)
PROBES = (A, B, R)
MARK = f"\n{NONCE} ".encode()


def frames(*texts: str) -> bytes:
    """A stream of frames, each its head and body."""
    return b"".join(MARK + text.encode() for text in texts)


HELLO = "H user 10.00 timeout 1700000000\n1000\naudit\n"
DONE = "Z user\n"
Taken = tuple[tuple[str, ...], bytes]

PIECES = st.sampled_from(
    [
        *(
            MARK + word
            for word in (b"", b"H", b"B", b"E", b"X a\n", b"S\n", b"Z user\n", b"Z root\n", b"?? \xff\n")
        ),
        HELLO.encode().join((MARK, b"")),
        MARK + b"H root 11.00 timeout 1700000000\n0\nroot\n",
        MARK + b"H user 9e9 - 99999999999999999999\n-1\n",
        *(MARK + b"B %s 10.5\nout" % name for name in (b"a", b"b", b"r", b"nobody")),
        *(MARK + b"E %s 11.5 137\ns0\nea\n" % name for name in (b"a", b"b", b"r", b"nobody")),
        MARK + b"E a x 99999\ns999999999999\nt\ns\xd9\xa3\n",
        MARK + b"B a \n",
        b" a 1.5\n",
        b"\n",
        b"x" * 5000,
        NONCE.encode(),
    ]
)
STREAMS = st.lists(PIECES | st.binary(max_size=40), max_size=30).map(b"".join)


@given(STREAMS, st.sampled_from(Sudo), st.none() | st.just(Gap(GapReason.LINK_LOST)), st.integers(1, 200))
def test_any_stream_gives_one_observation_for_each_probe(
    stream: bytes, sudo: Sudo, ended: Gap | None, size: int
) -> None:
    answers = Answers(NONCE, PROBES, sudo)
    for start in range(0, len(stream), size):
        answers.feed(stream[start : start + size])
    observations = answers.observations(ended)
    assert [(o.probe_id, o.probe_hash) for o in observations] == [(p.id, p.definition_hash) for p in PROBES]
    for seen, probe in zip(observations, PROBES, strict=True):
        assert len(seen.output) <= probe.limit_bytes
        assert seen.gap is not None or seen.exit_status is not None
        assert seen.offset_ms >= 0
        assert seen.duration_ms >= 0
    assert answers.target_time is None or answers.target_time.tzinfo is not None
    assert isinstance(answers.login, dict)


@given(STREAMS, st.integers(1, 60))
def test_how_the_stream_is_cut_into_chunks_changes_nothing(stream: bytes, size: int) -> None:
    assert cut(stream, size) == cut(stream, max(len(stream), 1))


def cut(stream: bytes, size: int) -> tuple[list[Taken], bytes]:
    """Frames and noise of a stream that comes in chunks of a size."""
    taken: list[Taken] = []
    reader = FrameReader(NONCE, {"B": 8}, lambda words, body: taken.append((tuple(words), body)))
    for start in range(0, len(stream), size):
        reader.feed(stream[start : start + size])
    reader.finish()
    return taken, reader.noise


@given(st.binary(max_size=300).filter(lambda output: MARK not in output))
def test_every_output_comes_back_whole(output: bytes) -> None:
    probe = Probe("a", "true", limit_bytes=300)
    stream = frames(HELLO, "B a 10.00\n") + output + frames("E a 10.01 137\ns0\n", DONE)
    seen = answered(b"motd" + stream, [probe])["a"]
    assert (seen.gap, seen.output, seen.exit_status) == (None, output, 0)


def test_noise_before_the_first_frame_is_dropped_but_for_its_end() -> None:
    taken: list[Taken] = []
    reader = FrameReader(NONCE, {"H": 10}, lambda words, body: taken.append((tuple(words), body)))
    for chunk in itertools.repeat(b"welcome " * 1000, 50):
        reader.feed(chunk)
    reader.feed(frames("H rest\nbody"))
    reader.finish()
    assert taken == [(("H", "rest"), b"body")]
    assert len(reader.noise) == NOISE_KEPT_BYTES


def test_an_answer() -> None:
    stream = frames(HELLO, "B a 10.50\nout", "E a 12.25 137\neoops\nemore\ns3", DONE)
    ran = answered(stream, [A])
    seen = ran["a"]
    assert (seen.output, seen.errors, seen.exit_status, seen.root) == (b"out", b"oops\nmore", 3, False)
    assert (seen.offset_ms, seen.duration_ms) == (500, 1750)
    assert ran.answers.complete
    assert ran.answers.login == {"user": "audit", "uid": "1000", "limiter": "timeout"}


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ((), GapReason.NOT_COLLECTED),
        ((HELLO,), GapReason.LINK_LOST),
        ((HELLO, DONE), GapReason.NOT_COLLECTED),
        ((HELLO, "B a 10.00\nha"), GapReason.LINK_LOST),
        ((HELLO, "B a 10.00\n123456789", "E a 10.10 137\ns0"), GapReason.TRUNCATED),
        ((HELLO, "B a 10.00\n", "E a 15.00 137\nt"), GapReason.PROBE_TIMEOUT),
        ((HELLO, "B a 10.00\n", "E a 15.00 124\n"), GapReason.PROBE_TIMEOUT),
        ((HELLO, "B a 10.00\n", "E a 15.00 143\n"), GapReason.PROBE_TIMEOUT),
        ((HELLO, "B a 10.00\n", "E a 15.00 137\nt\ns0"), GapReason.PROBE_TIMEOUT),
        ((HELLO, "B a 10.00\n", "E a 12.00 137\nt"), GapReason.VISIT_TIMEOUT),
        ((HELLO, "B a 10.00\n", "E a 11.00 137\n"), GapReason.FAILED),
        ((HELLO, "X a 70.00\n", DONE), GapReason.VISIT_TIMEOUT),
        ((HELLO.replace("timeout", "-"), DONE), GapReason.NO_TOOL),
    ],
)
def test_why_a_probe_has_no_answer(texts: tuple[str, ...], reason: GapReason) -> None:
    assert answered(frames(*texts), [A]).gap("a").reason is reason


def test_what_ended_the_visit_is_the_reason_of_what_was_not_answered() -> None:
    answers = Answers(NONCE, [A, B], Sudo.NONE)
    answers.feed(frames(HELLO, "B a 10.00\nha"))
    ended = Gap(GapReason.VISIT_TIMEOUT, "too long")
    assert [o.gap for o in answers.observations(ended)] == [ended, ended]


def test_the_first_answer_counts() -> None:
    """A probe that learnt the nonce could forge frames, but not over an answer that came before."""
    texts = (
        "B a 10.00\nout",
        "E a 10.10 137\ns0",
        "B a 10.20\nforged",
        "E a 10.30 137\ns1",
        "H user 1.00 x 5\n0\n",
    )
    seen = answered(frames(HELLO, *texts, DONE), [A])["a"]
    assert (seen.output, seen.exit_status, seen.duration_ms, seen.root) == (b"out", 0, 100, False)


@pytest.mark.parametrize(
    ("texts", "answered_ones"),
    [
        (("B a 10.00\nout", "E b 10.10 137\ns0"), set()),  # claims another probe's id
        (("E a 10.10 137\ns0", "B a 10.00\nout"), set()),
        (("B a 10.00\nout", "B b 10.00\nout", "E a 10.10 137\ns0", "E b 10.10 137\ns0"), set()),
        (("B a 10.00\nout", "H root 10.00 timeout 5\n0\nroot\n", "E a 10.10 137\ns0"), set()),
        (("B a 10.00\nout", "E a 10.10 137\ns0", "E a 10.20 137\ns7"), {"a"}),
        (("B a 10.00\nout", "E a 10.10 137\ns0", "B a 10.20\nagain", "E a 10.30 137\ns7"), {"a"}),
        (("B a 10.00\nout", "B a 10.10\nagain", "E a 10.20 137\ns0"), set()),
        (("E a 10.10 137\ns0", "E b 10.10 137\ns0"), set()),
        (("B b 10.00\nout", "E b 10.10 137\ns0", "B a 10.20\nout", "E a 10.30 137\ns0"), {"a", "b"}),
    ],
)
def test_frames_out_of_order_doubled_or_missing_are_no_answer(
    texts: tuple[str, ...], answered_ones: set[str]
) -> None:
    ran = answered(frames(HELLO, *texts, DONE), [A, B])
    assert {name for name in ("a", "b") if ran[name].gap is None} == answered_ones
    assert all(ran[name].output == b"out" and ran[name].exit_status == 0 for name in answered_ones)


def test_more_than_all_probes_may_say_ends_the_visit() -> None:
    answers = Answers(NONCE, [A], Sudo.NONE)
    chunk = b"y" * 1_000_000
    assert sum(1 for _ in itertools.takewhile(answers.feed, itertools.repeat(chunk))) < 6
    assert answers.too_much
    assert [o.gap is not None for o in answers.observations(None)] == [True]


@pytest.mark.parametrize("epoch", ["0", "x", "-5", "99999999999999", "99999999999"])
def test_a_clock_that_makes_no_sense_is_unknown_or_a_time(epoch: str) -> None:
    ran = answered(frames(HELLO.replace("1700000000", epoch), DONE), [A])
    moment = ran.answers.target_time
    assert moment is None or moment.year > 3000


@pytest.mark.parametrize("noise", [b"", b"\nWelcome\n" * 500])
def test_how_much_the_login_shell_said_is_told(noise: bytes) -> None:
    answers = Answers(NONCE, PROBES, Sudo.NONE)
    for start in range(0, len(stream := noise + frames(HELLO, DONE)), 7):
        answers.feed(stream[start : start + 7])
    assert answers.login["user"] == "audit"
    assert int(answers.login.get("noise_bytes", 0)) == len(noise)


@pytest.mark.parametrize(("uid", "suspected"), [("1000", True), ("0", False)])
def test_a_probe_that_sudo_may_have_ended_names_the_settings(uid: str, suspected: bool) -> None:
    """sudo 1.9.13 kills a long command that it is to intercept or to log."""
    hello = HELLO.replace("1000", uid)
    root = ("H root 10.50 timeout 5\n0\nroot\n",) if suspected else ()
    ran = answered(frames(hello, *root, "B r 10.60\n", "E r 11.00 137\n", "Z root\n", DONE), [R], Sudo.ALL)
    assert ran.gap("r").reason is GapReason.FAILED
    assert ("log_subcmds" in ran.gap("r").detail) is suspected
