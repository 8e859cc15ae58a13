"""How old a password may get, account by account: shadow(5). login.defs(5) binds new accounts only."""

from dataclasses import dataclass

from secaudit.facts.accounts import Account
from secaudit.facts.accounts_probe import PASSWD, SHADOW
from secaudit.facts.busybox_accounts import ASKED, LOGIN_DEFS, kept_by_busybox
from secaudit.facts.config_files import config_files, number, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.shadow_file import NEVER_DAYS, ShadowLine, epoch_day, parse_shadow
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# useradd -D writes its file for root alone; so it comes with the RHEL family.
USERADD = Probe(
    "accounts.useradd",
    print_files(
        "/usr/etc/default/useradd /etc/default/useradd",
        r'/^[ \t]*INACTIVE=/ { sub(/^[ \t]+/, ""); sub(/[ \t\r]*(#.*)?$/, ""); print " " $0 }',
    ),
    root=True,
    reduces=Text("只取 INACTIVE 一行", "only the line INACTIVE"),
)


@dataclass(frozen=True, slots=True)
class PasswordAge:
    """The ageing of one account that has a password; days.

    ``max_days`` is 99999 where the password never expires (shadow(5): no value, -1, or no day of the last
    change, which switches ageing off). ``last_change_epoch_day`` counts from 1970-01-01: 0 = must be changed at
    the next login, -1 = not recorded. ``overdue``: the password is past its age today on the target's clock.
    ``changed_in_future``: the day of the last change is yet to come, so the age counts from then on.
    ``inactive_days``: so long after its age an expired password may still be changed, then the account is closed;
    -1 means without end.
    """

    name: str
    can_log_in: bool
    max_days: int
    min_days: int
    warn_days: int
    inactive_days: int
    last_change_epoch_day: int
    overdue: bool
    changed_in_future: bool


@dataclass(frozen=True, slots=True)
class NewAccountRules:
    """What login.defs(5) gives to accounts made from now on; its own defaults where it sets nothing.

    ``umask`` as octal text. ``hash_algorithm`` is ENCRYPT_METHOD in small letters.
    """

    max_days: int
    min_days: int
    warn_days: int
    hash_algorithm: str
    umask: str


# adduser(1) of busybox writes 0:99999:7, passwd(1) of Alpine's busybox hashes with sha512.
_BUSYBOX = NewAccountRules(NEVER_DAYS, 0, 7, "sha512", "022")


@dataclass(frozen=True, slots=True)
class UseraddDefaults:
    """What useradd(8) gives to accounts made from now on.

    ``inactive_days`` is INACTIVE: so long after its age an expired password closes the account; -1 means never.
    """

    inactive_days: int


def build_account_ageing(evidence: Evidence) -> tuple[PasswordAge, ...]:
    """The accounts with a password; empty when none has one (keys only)."""
    lines = evidence.parsed(SHADOW.id, parse_shadow)
    today = epoch_day(evidence.now)
    accounts: tuple[Account, ...] = evidence.fact("accounts")
    return tuple(_age(who, lines.get(who.name), today) for who in accounts if who.has_password)


def _age(who: Account, line: ShadowLine | None, today: int) -> PasswordAge:
    """A hash in /etc/passwd itself has no ageing at all."""
    if line is None:
        return PasswordAge(who.name, who.can_log_in, NEVER_DAYS, 0, 0, -1, -1, False, False)
    last = _days(line.last_change, -1, who.name)
    longest = NEVER_DAYS if last == -1 else _days(line.max_days, NEVER_DAYS, who.name)
    return PasswordAge(
        name=who.name,
        can_log_in=who.can_log_in,
        max_days=longest,
        min_days=_days(line.min_days, 0, who.name),
        warn_days=_days(line.warn_days, 0, who.name),
        inactive_days=_days(line.inactive, -1, who.name),
        last_change_epoch_day=last,
        overdue=last >= 0 and longest < NEVER_DAYS and last + longest < today,
        # A day of grace for time zones.
        changed_in_future=last > today + 1,
    )


def _days(text: str, absent: int, name: str) -> int:
    """``90`` → 90; nothing or a negative number → ``absent``."""
    days = number(text, f"shadow of {name}") if text else -1
    return absent if days < 0 else days


def parse_login_defs(text: str) -> NewAccountRules:
    """``PASS_MAX_DAYS 90`` … → NewAccountRules; a later file wins; raises GapFound when no login.defs is there."""
    files = config_files(text)
    if not files:
        raise GapFound(GapReason.NOT_SUPPORTED, "this host has no login.defs")
    values: dict[str, str] = {}
    for file in files:
        for line in file.lines:
            key, value = (line.split(None, 1) + ["", ""])[:2]
            values[key] = value.strip()
    return NewAccountRules(
        max_days=_days(values.get("PASS_MAX_DAYS", ""), NEVER_DAYS, "PASS_MAX_DAYS"),
        min_days=_days(values.get("PASS_MIN_DAYS", ""), 0, "PASS_MIN_DAYS"),
        warn_days=_days(values.get("PASS_WARN_AGE", ""), 0, "PASS_WARN_AGE"),
        hash_algorithm=values.get("ENCRYPT_METHOD", "DES").lower(),
        umask=values.get("UMASK", "022"),
    )


def parse_useradd(text: str) -> UseraddDefaults:
    """``INACTIVE=30`` of /etc/default/useradd → 30 days; -1 where nothing is said; raises GapFound."""
    days = -1
    for file in config_files(text):
        for line in file.lines:
            key, _, value = line.partition("=")
            if key == "INACTIVE":
                days = _days(value.strip("\"' "), -1, "INACTIVE")
    return UseraddDefaults(days)


def build_useradd_defaults(evidence: Evidence) -> UseraddDefaults:
    """The defaults of useradd; those of its man page where it has no file."""
    return parse_useradd(evidence.text(USERADD.id))


def build_new_account_rules(evidence: Evidence) -> NewAccountRules:
    """What login.defs, or adduser(1) of busybox, gives to new accounts."""
    text = evidence.text(LOGIN_DEFS.id)
    if not config_files(text) and kept_by_busybox(evidence):
        return _BUSYBOX
    return parse_login_defs(text)


ACCOUNT_AGEING = Fact(
    "account_ageing",
    Text("账户口令有效期", "Password ageing of accounts"),
    tuple[PasswordAge, ...],
    build_account_ageing,
    (PASSWD, SHADOW),
    uses=("accounts",),
)
NEW_ACCOUNT_RULES = Fact(
    "new_account_rules",
    Text("新建账户的默认规则", "Rules for new accounts"),
    NewAccountRules,
    build_new_account_rules,
    ASKED,
    uses=("os",),
)
USERADD_DEFAULTS = Fact(
    "useradd_defaults",
    Text("useradd 的默认值", "Defaults of useradd"),
    UseraddDefaults,
    build_useradd_defaults,
    (USERADD,),
)
