"""Whatever a target sends: every fact of the catalogue is a value or a gap, soon. New facts are found by themselves."""

import logging
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.facts.built import built_from
from tests.unit.facts.hostile import Shape, chained, documents, grown, repeated
from tests.unit.facts.mutations import mutated
from tests.unit.facts.seeds import PROBES, seeds

MEGABYTE = 1_000_000
# What a parser may take for a megabyte, in seconds of CPU: a bound of use, far above what each takes. A tracer
# (coverage) makes every call some three times as dear.
MOST_CPU_S, TRACED = 1.0, 3
# Sizes tried one after the other: where even a parser that squares its input cannot be too slow, no larger one is.
SIZES = (50_000, 250_000, MEGABYTE)
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


def shapes(probe_id: str, size: int) -> Iterator[Shape]:
    """Names, and what makes a hostile text of about that size."""
    yield from repeated(size)
    yield from documents(size)
    yield from chained(seeds(probe_id)[0], size)
    yield from grown(seeds(probe_id)[0], size)


@pytest.mark.parametrize("probe_id", PROBES)
def test_a_megabyte_is_read_soon(probe_id: str) -> None:
    doubtful = {name for name, _ in shapes(probe_id, 9)}
    for size in SIZES:
        spent = {
            name: cpu_s(probe_id, make(), name) for name, make in shapes(probe_id, size) if name in doubtful
        }
        most = MOST_CPU_S * (size / MEGABYTE) ** 2 * (TRACED if sys.gettrace() else 1)
        doubtful = {name for name, took in spent.items() if took > most}
    assert doubtful == set()


def cpu_s(probe_id: str, text: str, name: str) -> float:
    """What the slowest fact takes for the text, in seconds; none may break."""
    built = built_from(probe_id, text)
    assert built.broken == {}, name
    return max(built.cpu_s.values())
