"""Rows of result sets told apart without decoding: the same as decoding all of them gives."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.text import Text
from secaudit.store.evidence import decoded_results, put_results
from secaudit.store.set_rows import counted, rows_of, set_of

HOSTILE = '"},{"asset_id":"","check_id":"x","verdict":"PASS"}] \\" "id":"'
TEXTS = st.one_of(st.text(max_size=8), st.just(HOSTILE))
OFFENDERS = st.lists(
    st.builds(Offender, TEXTS, st.builds(Text, TEXTS, TEXTS), st.builds(Text, TEXTS, TEXTS)), max_size=3
)


@st.composite
def results(draw: Callable[..., object]) -> tuple[Result, ...]:
    """Of one asset, each check once."""
    checks = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=5))
    assert isinstance(checks, list)
    return tuple(draw(_one(check)) for check in checks)  # type: ignore[misc]


def _one(check: str) -> st.SearchStrategy[Result]:
    return st.builds(
        Result,
        st.just(f"linux.{check}"),
        st.just("h1"),
        st.sampled_from(["h1", "db"]),
        st.sampled_from(Verdict),
        OFFENDERS.map(tuple),
        st.one_of(st.none(), st.builds(Gap, st.sampled_from(GapReason), TEXTS)),
        TEXTS,
    )


def stored(found: tuple[Result, ...]) -> bytes:
    """The set as it is written."""
    written: list[bytes] = []

    def put(content: bytes, _like: Callable[[], bytes | None]) -> bytes:
        written.append(content)
        return b""

    put_results(found, put, None)
    return written[0]


@given(results())
def test_rows_put_together_again_are_the_set(found: tuple[Result, ...]) -> None:
    rows = rows_of(stored(found))
    if not found:
        assert rows is None
        return
    assert rows is not None
    assert set_of(rows) == stored(found)
    assert decoded_results("h1", set_of(rows[1:])) == found[1:]
    assert [(one.check_id, one.verdict, one.offenders) for one in counted(rows)] == [
        (one.check_id, one.verdict.value, len(one.offenders)) for one in found
    ]


def test_what_was_not_written_like_that_is_not_told_apart() -> None:
    for content in (
        b"[]",
        b"",
        b"{}",
        b'[{"asset_id":"h1","check_id":"a","verdict":"PASS"}]',
        b'[{"asset_id":""}]',
    ):
        assert rows_of(content) is None
    newer = b'[{"asset_id":"","check_id":"a","verdict":"PASS","weight":"' + b"9" * 40 + b'"}]'
    assert rows_of(newer) is None


def test_no_row_is_an_empty_set() -> None:
    assert decoded_results("h1", set_of([])) == ()
