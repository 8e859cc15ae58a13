"""Plans as they were frozen by earlier content: still read."""

import json

import pytest

from secaudit.model.text import Text
from secaudit.store.plans import decode_plan, encode_plan
from tests.unit.store.samples import plan


def test_a_plan_comes_back() -> None:
    assert decode_plan(encode_plan(plan())) == plan()


@pytest.mark.parametrize("said", ["no secrets", ""])
def test_one_of_when_probes_said_in_one_language_what_they_reduce(said: str) -> None:
    stored = json.loads(encode_plan(plan()))
    assert stored["probes"]
    for probe in stored["probes"]:
        probe["reduces"] = said
    read = decode_plan(json.dumps(stored).encode())
    told = {probe.reduces for asset in read.assets for probe in asset.probes}
    assert told == {Text(said, said) if said else None}
