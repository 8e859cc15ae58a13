"""Public keys by which accounts are entered, in the files that sshd looks at: AuthorizedKeysFile of sshd_config(5)."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.login_bypass import TRUST, USUAL, KeyHolders, LoginKey, parse_trust
from secaudit.facts.passwd_file import Identity
from secaudit.facts.sshd_answers import answers_of
from secaudit.facts.sshd_probe import SSHD
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

Row = TypeVar("Row", KeyHolders, LoginKey)


def heeded(
    rows: Sequence[Row], looked_in: Sequence[str], wanted: Sequence[str], people: Sequence[Identity]
) -> tuple[Row, ...]:
    """The rows of files that sshd looks at; raises GapFound for a place that was not looked in."""
    for place in wanted:
        if place not in looked_in:
            raise GapFound(GapReason.NOT_COLLECTED, f"keys in {place[:80]}")
    homes = {who.name: who for who in people}
    return tuple(
        row
        for row in rows
        if row.account not in homes or row.path in {_path(place, homes[row.account]) for place in wanted}
    )


def _path(place: str, who: Identity) -> str:
    """``/etc/ssh/keys/%u`` → /etc/ssh/keys/ann; what is no absolute path lies in the home."""
    tokens: Mapping[str, str] = {"%h": who.home, "%u": who.name, "%U": str(who.uid), "%%": "%"}
    path = re.sub("%[huU%]", lambda found: tokens[found[0]], place)
    return path if path.startswith("/") else f"{who.home}/{path}"


def _wanted(evidence: Evidence, looked_in: Sequence[str]) -> Sequence[str]:
    """The places of all daemons and branches; where none could be asked, the usual ones if nothing else is set."""
    try:
        answers = answers_of(evidence).answers
    except GapFound:
        if set(looked_in) <= set(USUAL):
            return USUAL
        raise
    named = [word for answer in answers for value in _files(answer.values) for word in value.split()]
    return tuple(dict.fromkeys(place for place in named if place != "none")) if answers else USUAL


def _files(values: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return values.get("authorizedkeysfile", USUAL)


def build_authorized_keys(evidence: Evidence) -> tuple[KeyHolders, ...]:
    """How many keys each account has."""
    found = parse_trust(evidence.text(TRUST.id))
    return heeded(found.keys, found.places, _wanted(evidence, found.places), evidence.fact("identities"))


def build_login_keys(evidence: Evidence) -> tuple[LoginKey, ...]:
    """Every key, with the account it opens."""
    found = parse_trust(evidence.text(TRUST.id))
    return heeded(found.each, found.places, _wanted(evidence, found.places), evidence.fact("identities"))


AUTHORIZED_KEYS = Fact(
    "authorized_keys",
    Text("账户的登录公钥", "Public keys of accounts"),
    tuple[KeyHolders, ...],
    build_authorized_keys,
    (TRUST, SSHD, PASSWD),
    uses=("identities",),
)
LOGIN_KEYS = Fact(
    "login_keys",
    Text("登录公钥的强度和限制", "Strength and limits of login keys"),
    tuple[LoginKey, ...],
    build_login_keys,
    (TRUST, SSHD, PASSWD),
    uses=("identities",),
)
