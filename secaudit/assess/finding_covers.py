"""Which acceptance covers a finding: nothing that others reported is accepted by accepting a check."""

from secaudit.assess.acceptances import Acceptances, Cover
from secaudit.model.finding import Finding, Source
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.text import Text

_NOTHING = Text("", "")


def cover_of(accepted: Acceptances, finding: Finding) -> Cover | None:
    """What covers all of a finding today."""
    offenders = (Offender(finding.offender, _NOTHING, _NOTHING),) if finding.offender else ()
    object_id = finding.object_id or finding.asset
    failed = Result(finding.check, finding.asset, object_id, Verdict.FAIL, offenders)
    match finding.source:
        case Source.SCAN:
            return accepted.cover(finding.system, failed)
        case Source.ANSWER:
            return accepted.cover_of_step(finding.system, failed)
        case _:
            return None
