"""A workspace with findings: of a check that content has, of one that it has no more, and of an answer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from secaudit.assess.findings import FailedAnswer, Rulebook
from secaudit.audit.follow import Ground, follow
from secaudit.model.content import Check, Severity
from secaudit.model.evidence import Visit
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import RunState
from secaudit.model.text import Text
from secaudit.register.times import in_zone
from secaudit.store import Store, open_store
from tests.unit.store import samples

SETTINGS = "office: 某市大数据局\norganisations:\n  - {id: office, name: 某市大数据局}\n"
SYSTEM = """\
id: oa
name: 办公系统
organisation: office
grade: S3A3G3
assets:
  - {id: h1, kind: linux, name: 主机, address: 192.0.2.1}
  - {id: h2, kind: linux, name: 主机, address: 192.0.2.2}
"""
KNOWN, RETIRED, STEP = "linux.identity.password_max_age", "linux.retired", "smc.system_management.a#1"
TITLE = Text("口令最长使用期限", "Maximum password age")
ADVISORY = "linux.identity.login_screen_names"
BEGUN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=9)
GROUND = Ground(
    {"oa": {"h1", "h2"}},
    Rulebook(
        {
            KNOWN: Check(KNOWN, TITLE, Severity.MEDIUM, "linux", (), TITLE),
            RETIRED: Check(RETIRED, TITLE, Severity.HIGH, "linux", (), TITLE),
            ADVISORY: Check(ADVISORY, TITLE, Severity.LOW, "linux", (), TITLE, advisory=True),
        }
    ),
    (FailedAnswer("oa", "", "", STEP, TITLE, Severity.HIGH, BEGUN, "张三", "ab"),),
    BEGUN,
)


def make(folder: Path) -> Path:
    """F000001 (root) and F000002 (db) of a known check, F000003 of a retired and F000004 of an advisory one; F000005 is
    an answer.
    """
    (folder / "systems").mkdir(parents=True)
    (folder / "secaudit.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "systems" / "oa.yaml").write_text(SYSTEM, encoding="utf-8")
    with store_of(folder) as store:
        audit(store, 0, ("root", "db"))
    return folder


def store_of(folder: Path) -> Store:
    """The database of a workspace."""
    return open_store(f"sqlite:///{folder}/secaudit.db")


def audit(store: Store, day: float, failing: tuple[str, ...], verdict: Verdict | None = None) -> None:
    """A run in which these accounts fail on h1 (none: the check passes, or gives that verdict); it is followed."""
    at = BEGUN + timedelta(days=day)
    store.create_run(samples.run(f"r{day}", started_at=at))
    offenders = tuple(Offender(name, Text("永不过期", "never expires"), Text("90", "90")) for name in failing)
    known = Verdict.FAIL if failing else verdict or Verdict.PASS
    results = [
        Result(KNOWN, "h1", "h1", known, offenders),
        Result(RETIRED, "h1", "h1", Verdict.FAIL),
        Result(ADVISORY, "h1", "h1", Verdict.FAIL),
    ]
    visit = Visit("h1", at, at, at, samples.AUTHORISATION.id, samples.visit("h1").observations)
    store.save_visit(f"r{day}", visit, results)
    store.finish_run(f"r{day}", RunState.COMPLETE, at)
    follow(store, GROUND)


def in_days(days: int) -> str:
    """A day from today as an option says it."""
    return (in_zone(datetime.now(UTC)).date() + timedelta(days=days)).isoformat()
