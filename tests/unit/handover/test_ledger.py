"""The chain of the ledger: what is entered, and that whatever is done to it is found."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.errors import UsageError
from secaudit.handover.chain import anchor_of, check, written
from secaudit.handover.entry import Change, Entry, Head, body_of, head_of, parse_line
from secaudit.handover.ledger import Ledger, Subject

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


def subject(
    id_: str, digest: str = "aa", kind: str = "run", told: str = "", settled: bool = False
) -> Subject:
    return Subject(kind, id_, lambda: digest, told, settled)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.txt")


def filled(ledger: Ledger, entries: int) -> Ledger:
    ledger.enter([subject(f"运行{number}", f"{number:064x}") for number in range(entries)], NOW)
    return ledger


def test_what_is_new_changed_and_gone_is_entered_once(ledger: Ledger) -> None:
    first = ledger.enter([subject("a"), subject("b", kind="attestation")], NOW)
    assert [(one.n, one.id, one.change) for one in first] == [
        (1, "a", Change.ENTERED),
        (2, "b", Change.ENTERED),
    ]
    assert ledger.enter([subject("a"), subject("b", kind="attestation")], NOW) == []
    second = ledger.enter([subject("a", "bb")], NOW)
    assert [(one.id, one.change) for one in second] == [("a", Change.CHANGED), ("b", Change.GONE)]
    (back,) = ledger.enter([subject("a", "bb"), subject("b", kind="attestation")], NOW)
    assert (back.n, back.id, back.change) == (5, "b", Change.ENTERED)
    assert ledger.check().fault is None
    assert ledger.file.stat().st_mode & 0o777 == 0o600


def test_a_settled_subject_is_not_reckoned_again(ledger: Ledger) -> None:
    def never() -> str:
        raise AssertionError

    ledger.enter([subject("a", told="interrupted")], NOW)
    (changed,) = ledger.enter([subject("a", "bb", told="complete", settled=True)], NOW)
    assert changed.told == "complete"
    assert ledger.enter([Subject("run", "a", never, "complete", settled=True)], NOW) == []


def test_a_line_is_followed_with_common_tools(ledger: Ledger) -> None:
    filled(ledger, 2)
    first, second = ledger.file.read_bytes().splitlines()
    head = head_of(1, body_of(first))
    assert first.startswith(f"{head.sha256} {head.sm3} ".encode())
    assert f'"after_sha256":"{head.sha256}","after_sm3":"{head.sm3}"'.encode() in second


def test_the_published_example_of_sm3() -> None:
    """GB/T 32905-2016, annex A.1: the digest of abc."""
    assert head_of(1, b"abc").sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_what_a_crash_left_of_a_line_is_cut_away_and_entered_again(ledger: Ledger) -> None:
    filled(ledger, 3)
    whole = ledger.file.read_bytes()
    ledger.file.write_bytes(whole[:-20])
    chain = ledger.check()
    assert chain.fault is None
    assert chain.head.entries == 2
    assert chain.torn
    filled(ledger, 3)
    assert ledger.file.read_bytes() == whole


def test_a_damaged_ledger_goes_on_and_stays_damaged(ledger: Ledger) -> None:
    filled(ledger, 3)
    ledger.file.write_bytes(ledger.file.read_bytes() + b"x" * 100_000)
    ledger.enter([subject("new")], NOW)
    fault = ledger.check().fault
    assert fault is not None
    assert fault.entry == 4
    entries, _chain = ledger.entries()
    assert entries[-1].id == "运行2"
    assert "new" in {entry.id for entry in entries}


@pytest.mark.parametrize("line", [b"", b"{}", b"\xff" * 300, b"0" * 64 + b" " + b"0" * 64 + b" {}"])
def test_a_line_of_somebody_else_is_none(line: bytes) -> None:
    assert parse_line(line) is None


def test_the_same_said_otherwise_is_none(ledger: Ledger) -> None:
    filled(ledger, 1)
    line = ledger.file.read_bytes()[:-1]
    assert parse_line(line) is not None
    for changed in (
        line.replace(b'":1,', b'": 1,'),
        line.replace(b'":1,', b'":true,'),
        line.replace(b"run", b"r\\u0075n"),
    ):
        assert parse_line(changed) is None


def test_a_thousand_edits_are_found(ledger: Ledger) -> None:
    """Edit, deletion, reordering, a cut tail, a chain written anew from somewhere: all but the last without anchor."""
    filled(ledger, 12)
    lines = ledger.file.read_bytes().splitlines(keepends=True)
    anchor, choose = check(lines).head, random.Random(22239)
    for _round in range(1000):
        changed, first = choose.choice(EDITS)(list(lines), choose)
        fault = check(changed, [anchor]).fault
        assert fault is not None, changed
        assert abs(fault.entry - first) <= 1


def flip(lines: list[bytes], choose: random.Random) -> tuple[list[bytes], int]:
    place = choose.randrange(len(lines))
    line = bytearray(lines[place])
    line[choose.randrange(len(line) - 1)] ^= 1 << choose.randrange(8)
    lines[place] = bytes(line)
    return b"".join(lines).splitlines(keepends=True), place + 1


def drop(lines: list[bytes], choose: random.Random) -> tuple[list[bytes], int]:
    place = choose.randrange(len(lines))
    del lines[place]
    return lines, place + 1


def swap(lines: list[bytes], choose: random.Random) -> tuple[list[bytes], int]:
    one, other = sorted(choose.sample(range(len(lines)), 2))
    lines[one], lines[other] = lines[other], lines[one]
    return lines, one + 1


def double(lines: list[bytes], choose: random.Random) -> tuple[list[bytes], int]:
    place = choose.randrange(len(lines))
    return [*lines[: place + 1], *lines[place:]], place + 2


def cut(lines: list[bytes], choose: random.Random) -> tuple[list[bytes], int]:
    kept = choose.randrange(len(lines))
    return lines[:kept], kept + 1


def renew(lines: list[bytes], choose: random.Random) -> tuple[list[bytes], int]:
    """One entry says something else, and all after it are chained to it as ours would be."""
    place = choose.randrange(len(lines))
    head, new = (check(lines[:place]).head if place else Head()), lines[:place]
    for line in lines[place:]:
        parsed = parse_line(line[:-1])
        assert parsed is not None
        said = parsed[0]
        digest = "f" * 64 if said.n == place + 1 else said.digest
        entry = Entry(
            said.n, said.time, said.kind, said.id, said.change, digest, said.told, head.sha256, head.sm3
        )
        new.append(entry.line())
        head = head_of(entry.n, body_of(entry.line()[:-1]))
    return new, 12


def alone(lines: list[bytes], choose: random.Random) -> tuple[list[bytes], int]:
    """One entry says something else under right digests of its own; the next one knows."""
    place = choose.randrange(len(lines))
    lines[place] = renew(list(lines[: place + 1]), ChoosesLast())[0][place]
    return lines, place + 1


class ChoosesLast(random.Random):
    def randrange(self, start: int, *_more: object) -> int:
        return start - 1


EDITS: list[Callable[[list[bytes], random.Random], tuple[list[bytes], int]]] = [
    flip,
    drop,
    swap,
    double,
    cut,
    renew,
    alone,
]


def test_an_anchor_is_noted_as_text(ledger: Ledger) -> None:
    head = filled(ledger, 2).check().head
    assert anchor_of(written(head)) == head
    assert anchor_of("2:abc") is None
    assert filled(ledger, 5).check([head]).fault is None


def test_a_ledger_that_is_a_link_or_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "folder").mkdir()
    for name in ("link", "folder"):
        with pytest.raises(UsageError, match=name):
            Ledger(tmp_path / name).enter([subject("a")], NOW)
    assert not (tmp_path / "elsewhere").exists()


def test_an_empty_workspace_has_an_empty_ledger(ledger: Ledger) -> None:
    assert ledger.entries()[0] == []
    assert ledger.check().head == Head()
    assert ledger.enter([], NOW) == []
