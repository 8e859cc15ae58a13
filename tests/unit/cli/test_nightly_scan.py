"""What a night of several runs comes to."""

from collections import Counter
from pathlib import Path

import pytest

from secaudit.cli.nightly_scan import code_of, strangers
from secaudit.cli.tally import AssetTally, Tally
from secaudit.model.evidence import Gap, GapReason

DARK = Tally(assets=[AssetTally("h1", Gap(GapReason.UNREACHABLE), Counter())])
SEEN = Tally(assets=[AssetTally("h2", None, Counter())])


@pytest.mark.parametrize(
    ("tallies", "troubled", "code"),
    [
        ([], False, 0),
        ([SEEN], False, 0),
        ([SEEN], True, 3),
        ([DARK], False, 4),
        ([DARK, DARK], True, 4),
        ([DARK, SEEN], False, 3),  # a run that reached nothing beside one that did
    ],
)
def test_nothing_was_reached_only_where_no_run_reached_anything(
    tallies: list[Tally], troubled: bool, code: int
) -> None:
    assert code_of(tallies, troubled=troubled) == code


def test_a_changed_host_key_is_told_first_and_by_name() -> None:
    changed = AssetTally("h3", Gap(GapReason.HOST_KEY_MISMATCH), Counter())
    assert strangers(Path("w"), [DARK, SEEN]) == []
    (told,) = strangers(Path("w"), [Tally(assets=[*SEEN.assets, changed]), DARK])
    assert told == (
        "HOST KEY CHANGED: h3; no login was tried, find out why: secaudit --workspace w hostkeys scan"
    )
