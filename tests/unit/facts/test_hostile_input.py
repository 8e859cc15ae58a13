"""Whatever a target sends: every fact of the catalogue is a value or a gap, soon. New facts are found by themselves."""

import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.facts.built import built_from
from tests.unit.facts.hostile import chained, documents, grown, repeated
from tests.unit.facts.mutations import mutated
from tests.unit.facts.seeds import PROBES, seeds

MEGABYTE = 1_000_000
SAMPLE = 50_000
# What a parser may take for a megabyte, in seconds of CPU: a bound of use, far above what each takes.
MOST_CPU_S = 1.0
# A parser that squares its input takes less than MOST_CPU_S for a megabyte when a sample takes less than this.
SOON_S = MOST_CPU_S * (SAMPLE / MEGABYTE) ** 2
FUZZED = settings(max_examples=15, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """A broken parser is told by its gap; its traceback only drowns it."""
    logging.getLogger("secaudit.facts.fact").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("secaudit.facts.fact").setLevel(logging.NOTSET)


@pytest.mark.parametrize("probe_id", PROBES)
@FUZZED
@given(data=st.data())
def test_a_spoilt_answer_is_a_value_or_a_gap(probe_id: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(seeds(probe_id)).flatmap(mutated))
    assert built_from(probe_id, text).broken == {}


@pytest.mark.parametrize("probe_id", PROBES)
@FUZZED
@given(text=st.text() | st.text("@#=:|, \t\n\\\"'()[]{}!*-/0123456789aA.", max_size=300))
def test_any_text_is_a_value_or_a_gap(probe_id: str, text: str) -> None:
    assert built_from(probe_id, text).broken == {}


def shapes(probe_id: str, size: int) -> Iterator[tuple[str, str]]:
    """Name → hostile text of about that size."""
    yield from repeated(size)
    yield from documents(size)
    yield from chained(seeds(probe_id)[0], size)
    for number, seed in enumerate(seeds(probe_id)):
        for name, text in grown(seed, size):
            yield f"{number} {name}", text


@pytest.mark.parametrize("probe_id", PROBES)
def test_a_megabyte_is_read_soon(probe_id: str) -> None:
    wanted = {name for name, text in shapes(probe_id, SAMPLE) if is_slow(probe_id, text)}
    for name, text in shapes(probe_id, MEGABYTE):
        if name in wanted:
            built = built_from(probe_id, text)
            assert built.broken == {}, name
            slow = {fact: spent for fact, spent in built.cpu_s.items() if spent > MOST_CPU_S}
            assert slow == {}, name


def is_slow(probe_id: str, text: str) -> bool:
    """Whether a sample leaves open what a megabyte takes."""
    built = built_from(probe_id, text)
    assert built.broken == {}
    return max(built.cpu_s.values()) > SOON_S
