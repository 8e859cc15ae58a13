"""When an account was last used: lastlog(8), lastlog2(8), joined with the accounts that can be entered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from secaudit.facts.accounts import Account
from secaudit.facts.accounts_probe import SHADOW
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.shadow_file import ShadowLine, epoch_day, parse_shadow
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# From where somebody came is not printed.
LAST_LOGINS = Probe(
    "accounts.last_logins",
    r"""command -v lastlog >/dev/null 2>&1 || command -v lastlog2 >/dev/null 2>&1 || exit 127
if command -v lastlog >/dev/null 2>&1; then lastlog; else lastlog2; fi |
awk '/\*\*Never logged in\*\*/ { print $1 "|never"; next }
match($0, /[A-Z][a-z][a-z] [A-Z][a-z][a-z] [ 0-9][0-9] [0-9:]+ [-+][0-9]+ [0-9]+$/) {
  print $1 "|" substr($0, RSTART); next }
NR > 1 { print "odd|" }'
echo end""",
    root=True,
    reduces=Text("只取账户名和时间，不取来源地址", "names and times only, not from where"),
)
_TIME = re.compile(r"\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):\d\d ([+-]\d{4}) (\d{4})")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
NEVER = -1


@dataclass(frozen=True, slots=True)
class LastUse:
    """An account that can be entered (a shell, and a password or a key), root apart.

    ``last_login`` is the day, or "never"; ``unused_days`` counts from it, for an account never used from the day of the
    last change in shadow(5), -1 where that is not known either. ``by_key``: a key opens it; what runs commands by ssh
    without a terminal leaves no record.
    """

    name: str
    last_login: str
    unused_days: int
    by_key: bool


def parse_last_logins(text: str) -> dict[str, int]:
    """``ann|Mon Nov 23 06:00:00 +0000 2026`` → name → day since 1970, -1 for never; raises GapFound."""
    lines = [line for line in text.split("\n") if line]
    if lines[-1:] != ["end"]:
        raise GapFound(GapReason.TRUNCATED, "the list of logins is cut off")
    return dict(_login(line) for line in lines[:-1])


def _login(line: str) -> tuple[str, int]:
    name, bar, moment = line.rpartition("|")
    if bar and moment == "never":
        return name, NEVER
    found = _TIME.fullmatch(moment)
    if not found or found[1] not in _MONTHS:
        raise GapFound(GapReason.UNPARSABLE, f"last login: {line[:60]}")
    try:
        day = datetime(int(found[6]), _MONTHS.index(found[1]) + 1, int(found[2]), tzinfo=UTC)
    except ValueError:
        raise GapFound(GapReason.UNPARSABLE, f"last login: {line[:60]}") from None
    return name, epoch_day(day)


def last_uses(
    accounts: tuple[Account, ...],
    keyed: tuple[str, ...],
    shadow: Mapping[str, ShadowLine],
    logins: Mapping[str, int],
    today: int,
) -> tuple[LastUse, ...]:
    """One row for each account that can be entered."""
    rows = []
    for who in accounts:
        if who.uid == 0 or not who.can_log_in or not (who.has_password or who.name in keyed):
            continue
        if who.name not in logins:
            raise GapFound(GapReason.UNPARSABLE, f"no line for {who.name[:40]} in the list of logins")
        day = logins[who.name]
        since = day if day != NEVER else _changed(shadow.get(who.name))
        shown = "never" if day == NEVER else _date(day)
        rows.append(
            LastUse(who.name, shown, max(0, today - since) if since > 0 else NEVER, who.name in keyed)
        )
    return tuple(rows)


def _changed(line: ShadowLine | None) -> int:
    return int(line.last_change) if line and line.last_change.isdecimal() else NEVER


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()


def build_last_uses(evidence: Evidence) -> tuple[LastUse, ...]:
    """When the accounts were last used."""
    return last_uses(
        evidence.fact("accounts"),
        evidence.fact("keyed_accounts").names,
        evidence.parsed(SHADOW.id, parse_shadow),
        evidence.parsed(LAST_LOGINS.id, parse_last_logins),
        epoch_day(evidence.now),
    )


LAST_USES = Fact(
    "last_uses",
    Text("账户最近一次登录", "Last logins of accounts"),
    tuple[LastUse, ...],
    build_last_uses,
    (LAST_LOGINS, SHADOW),
    uses=("accounts", "keyed_accounts"),
)
