"""When accounts were last used."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.accounts import Account
from secaudit.facts.fact import GapFound
from secaudit.facts.last_logins import NEVER, LastUse, last_uses, parse_last_logins
from secaudit.facts.shadow_file import ShadowLine, epoch_day

TODAY = epoch_day(datetime(2026, 11, 23, tzinfo=UTC))


def account(name: str, uid: int = 1000, can_log_in: bool = True, has_password: bool = True) -> Account:
    rest = (name == "daemon", has_password, False, False, False, "sha512")
    return Account(name, uid, uid, f"/home/{name}", "/bin/bash", can_log_in, *rest)


def uses(
    *accounts: Account, keyed: tuple[str, ...] = (), changed: str = "", login: int = NEVER
) -> tuple[LastUse, ...]:
    shadow = {who.name: ShadowLine("hash:sha512", changed, "", "", "", "", "") for who in accounts}
    return last_uses(accounts, keyed, shadow, {who.name: login for who in accounts}, TODAY)


def test_logins_as_lastlog_prints_them() -> None:
    text = "root|Mon Nov 23 06:00:00 +0000 2026\nann|never\nben|Sat Jan  3 23:59:59 +0800 2026\nend\n"
    assert parse_last_logins(text) == {"root": TODAY, "ann": NEVER, "ben": 20456}


@pytest.mark.parametrize(
    "text", ["", "ann|never\n", "odd|\nend\n", "ann|Mon Nov 31 06:00:00 +0000 2026\nend\n"]
)
def test_what_is_cut_off_or_strange_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_last_logins(text)


def test_from_the_last_login_or_the_day_of_the_password() -> None:
    assert uses(account("ann"), login=TODAY - 3) == (LastUse("ann", "2026-11-20", 3, False),)
    assert uses(account("ann"), changed=str(TODAY - 400)) == (LastUse("ann", "never", 400, False),)
    assert uses(account("ann"), keyed=("ann",)) == (LastUse("ann", "never", NEVER, True),)


def test_who_cannot_be_entered_and_root_are_left_out() -> None:
    nobody = (account("root", 0), account("web", can_log_in=False), account("x", has_password=False))
    assert uses(*nobody) == ()


def test_an_account_without_a_line_is_a_gap() -> None:
    with pytest.raises(GapFound):
        last_uses((account("ann"),), (), {}, {}, TODAY)


@given(st.text(max_size=60), st.sampled_from(["", "ann|", "ann|Mon Nov "]))
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    try:
        parse_last_logins(f"{prefix}{text}\nend\n")
    except GapFound:
        return
