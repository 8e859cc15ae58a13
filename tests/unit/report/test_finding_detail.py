"""What there is to say of a finding beside its state."""

from typing import Any

from secaudit.assess.selection import catalogue_for
from secaudit.content.catalogue import load_catalogues
from secaudit.content.folder import content_dir
from secaudit.content.load import STANDARD_FOLDER
from secaudit.errors import UsageError
from secaudit.model.attestation import EvidenceFile
from secaudit.model.content import Check, Severity
from secaudit.model.finding import Source
from secaudit.model.register import Asset, Grade, System
from secaudit.model.reported import Report, Reported
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.text import Text
from secaudit.report.finding_detail import NOTHING, Details, Known
from tests.unit.report.test_rectification_workbook import OWNER, finding

SYSTEM = System("oa", "办公系统", "office", Grade(3, 3), assets=(Asset("web1", "linux", "门户"),))
CHECK = Check(
    *("linux.a", Text("口令", "password"), Severity.HIGH, "linux", (), Text("改", "mend")),
    proves=("no.such#1", "ces.authentication.a#4"),
)
SAID = Reported("oa", "web1", "注入", Severity.HIGH, "7号", "V-1", "参数未过滤", "过滤", "ces.audit.a")
REPORTS = (Report(Source.POLICE, OWNER.day, EvidenceFile("a", "ab" * 32), (SAID,)),)


class Runs:
    """A store of one run."""

    def __init__(self, *offenders: str) -> None:
        told = tuple(Offender(one, Text(f"{one} 180", f"{one} 180"), Text("90", "90")) for one in offenders)
        self.result = Result("linux.a", "web1", "web1", Verdict.FAIL, told, probes=("shadow",))

    def results_of(self, run: str, _asset: str) -> tuple[Result, ...]:
        if run != "r1":
            raise UsageError("no such run")
        return (self.result,)


def details(store: Any) -> Details:
    catalogues = load_catalogues(content_dir("profiles") / STANDARD_FOLDER)
    known = Known(
        {"oa": SYSTEM}, {"linux.a": CHECK}, lambda system: catalogue_for(catalogues, system.grade), REPORTS
    )
    return Details(store, known)


def test_a_failure_says_what_its_run_saw_of_it() -> None:
    found = details(Runs("root", "daemon")).of(finding(7, offender="root"))
    assert (found.system, found.asset, found.item) == ("办公系统", "门户", "L3-CES1-01 8.1.4.1 a")
    assert (found.seen.zh, found.expected.zh, found.remedy.zh) == ("root 180", "90", "改")
    assert found.probes == ("shadow",)


def test_the_whole_names_its_offenders_and_stops_somewhere() -> None:
    found = details(Runs(*(f"u{number}" for number in range(9)))).of(finding(7, offender=""))
    assert found.seen.zh.splitlines() == [*(f"u{number}: u{number} 180" for number in range(5)), "…"]
    assert found.expected.zh == "90"


def test_a_run_that_is_kept_no_more_leaves_it_empty() -> None:
    found = details(Runs("root")).of(finding(7, failed_in="r0"))
    assert (found.seen, found.remedy.zh) == (NOTHING, "改")


def test_a_retired_check_and_a_system_that_is_gone() -> None:
    found = details(Runs()).of(finding(7, check="linux.gone", system="hr"))
    assert (found.system, found.asset, found.item, found.remedy) == ("hr", "web1", "", NOTHING)


def test_a_failing_answer_is_of_its_step() -> None:
    found = details(Runs()).of(finding(7, source=Source.ANSWER, check="ces.audit.a#1", failed_in="digest"))
    assert found.item.startswith("L3-CES1-12")
    assert found.seen == NOTHING


def test_what_others_reported_comes_from_their_paper() -> None:
    outside = finding(
        7, source=Source.POLICE, check="", document="7号", reference="V-1", title=Text("注入", "注入")
    )
    found = details(Runs()).of(outside)
    assert (found.description, found.remedy.zh) == ("参数未过滤", "过滤")
    assert found.item.startswith("L3-CES1-12")
    unknown = details(Runs()).of(finding(8, source=Source.POLICE, document="8号", reference="V-1"))
    assert (unknown.description, unknown.asset) == ("", "门户")
