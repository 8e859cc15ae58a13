"""Who has an account here, with the state of its password: passwd(5) joined with shadow(5)."""

from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD, SHADOW
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.passwd_file import Identity, parse_passwd
from secaudit.facts.shadow_file import ShadowLine, epoch_day, parse_shadow
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class Account:
    """An identity with what shadow(5) says of it.

    ``can_log_in``: a shell to work in, and not expired. ``has_password``: a hash that a password can match;
    ``locked``: a hash behind ``!``. An account with neither (``*``, ``!``) may still hold keys.
    ``password_algorithm`` as in crypt(5), "none" where there is no hash.
    """

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    can_log_in: bool
    is_system: bool
    has_password: bool
    empty_password: bool
    locked: bool
    expired: bool
    password_algorithm: str


def build_accounts(evidence: Evidence) -> tuple[Account, ...]:
    """The accounts of /etc/passwd with their passwords' state."""
    passwd = evidence.parsed(PASSWD.id, parse_passwd)
    shadow = evidence.parsed(SHADOW.id, parse_shadow)
    today = epoch_day(evidence.now)
    lines = zip(passwd.identities, passwd.kinds, strict=True)
    return tuple(_account(who, kind, shadow.get(who.name), today) for who, kind in lines)


def _account(who: Identity, kind: str, line: ShadowLine | None, today: int) -> Account:
    if kind == "shadow":
        kind = line.kind if line else "nologin"
    expired = bool(line and line.expire and 0 <= number(line.expire, f"expiry of {who.name}") <= today)
    state, _, algorithm = kind.partition(":")
    return Account(
        name=who.name,
        uid=who.uid,
        gid=who.gid,
        home=who.home,
        shell=who.shell,
        can_log_in=who.can_log_in and not expired,
        is_system=who.is_system,
        has_password=state == "hash",
        empty_password=state == "empty",
        locked=state == "locked",
        expired=expired,
        password_algorithm=algorithm or "none",
    )


ACCOUNTS = Fact(
    "accounts",
    Text("账户与口令状态", "Accounts and their passwords"),
    tuple[Account, ...],
    build_accounts,
    (PASSWD, SHADOW),
)
