"""Where the system writes down sessions, failed logins and commands of users: wtmp(5), lastb(1), acct(5)."""

from dataclasses import dataclass

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Debian 13 and SUSE write sessions to a database (wtmpdb). Process accounting lies where the distribution puts it.
RECORDS = {
    "/var/log/wtmp": "sessions",
    "/var/lib/wtmpdb/wtmp.db": "sessions",
    "/var/log/wtmp.db": "sessions",
    "/var/log/btmp": "failures",
    "/var/log/account/pacct": "commands",
    "/var/account/pacct": "commands",
    "/var/log/pacct": "commands",
}

LOGIN_RECORDS = Probe(
    "logs.logins",
    f"""set --
for f in {" ".join(RECORDS)}; do
  [ ! -e "$f" ] || set -- "$@" "$f"
done
[ $# -eq 0 ] || stat -L -c '%F|%s|%n' "$@"
echo end""",
    root=True,
    reduces=Text("只输出文件的类型与大小，不含记录", "kinds and sizes of files, no records"),
)


@dataclass(frozen=True, slots=True)
class LoginRecord:
    """A file that is there. ``record`` is ``sessions``, ``failures`` or ``commands`` (process accounting).

    ``kept``: it is a regular file; what is written to a link to /dev/null is gone. ``used``: something is in it.
    """

    record: str
    path: str
    kept: bool
    used: bool


def parse_login_records(text: str) -> tuple[LoginRecord, ...]:
    """``regular file|38400|/var/log/wtmp`` → LoginRecord; raises GapFound."""
    lines = [line for line in text.split("\n") if line]
    if lines[-1:] != ["end"]:
        raise GapFound(GapReason.TRUNCATED, "the list of records is not complete")
    return tuple(_record(line) for line in lines[:-1])


def _record(line: str) -> LoginRecord:
    kind, _, rest = line.partition("|")
    size, _, path = rest.partition("|")
    if path not in RECORDS:
        raise GapFound(GapReason.UNPARSABLE, line[:80])
    return LoginRecord(RECORDS[path], path, kind.startswith("regular"), number(size, "size") > 0)


def build_login_records(evidence: Evidence) -> tuple[LoginRecord, ...]:
    """The files; empty where none is there."""
    return parse_login_records(evidence.text(LOGIN_RECORDS.id))


LOGIN_RECORDS_FACT = Fact(
    "login_records",
    Text("登录与命令记录文件", "Records of logins and commands"),
    tuple[LoginRecord, ...],
    build_login_records,
    (LOGIN_RECORDS,),
)
