"""Passwords that are older than the host."""

from datetime import UTC, datetime

import pytest

from secaudit.facts.account_ageing import PasswordAge
from secaudit.facts.fact import GapFound
from secaudit.facts.image_passwords import BIRTH, build_image_passwords, image_passwords, parse_birth
from tests.unit.facts.answers import evidence

BORN = datetime(2026, 3, 1, 23, 50, tzinfo=UTC)
DAY = 20_513  # 2026-03-01
KEYS = "1772409000 /etc/ssh/ssh_host_rsa_key\n1772409000 /etc/ssh/ssh_host_ed25519_key\n"


def age(day: int, name: str = "root", can_log_in: bool = True) -> PasswordAge:
    return PasswordAge(name, can_log_in, 90, 0, 7, -1, day, False, False)


@pytest.mark.parametrize(
    ("day", "changed", "from_image"),
    [
        (DAY - 1, "2026-02-28", True),
        (DAY, "2026-03-01", False),
        (DAY + 1, "2026-03-02", False),
        (0, "next login", False),
        (-1, "unrecorded", False),
    ],
)
def test_by_the_day(day: int, changed: str, from_image: bool) -> None:
    (row,) = image_passwords(BORN, [age(day)])
    assert (row.changed, row.host_since, row.from_image) == (changed, "2026-03-01", from_image)


def test_who_cannot_log_in_does_not_count() -> None:
    assert image_passwords(BORN, [age(DAY - 9, "svc", can_log_in=False)]) == ()


def test_a_day_that_is_none_is_a_gap() -> None:
    with pytest.raises(GapFound):
        image_passwords(BORN, [age(10**15)])


def test_the_oldest_trace_counts() -> None:
    older = "1700000000 /etc/ssh/ssh_host_ecdsa_key\n"
    assert parse_birth(f"1772409000 /etc/machine-id\n{KEYS}{older}end\n") == datetime.fromtimestamp(
        1700000000, UTC
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "end\n",
        f"{KEYS}end\n",
        "1772409000 /etc/machine-id\nend\n",
        f"1772409000 /etc/machine-id\n{KEYS}",
        f"99999999999999 /etc/machine-id\n{KEYS}end\n".replace("1772409000", "99999999999999"),
        f"x /etc/machine-id\n{KEYS}end\n",
    ],
)
def test_what_does_not_tell_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_birth(text)


def test_the_fact_joins_both() -> None:
    answers = evidence(
        {BIRTH: f"1772409000 /etc/machine-id\n{KEYS}end\n"}, {"account_ageing": (age(DAY - 5),)}
    )
    assert [row.from_image for row in build_image_passwords(answers)] == [True]
