"""One clock: what asks the machine for the time anywhere else could not be tested, nor told the office's day."""

import re
from pathlib import Path

import secaudit

ASKS = re.compile(r"\b(datetime\.(now|today|utcnow)|date\.today|time\.time(_ns)?)\(")


def test_the_time_is_asked_for_in_one_place() -> None:
    folder = Path(secaudit.__file__).parent
    asking = {
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        if ASKS.search(file.read_text(encoding="utf-8"))
    }
    assert asking == {"clock.py"}
